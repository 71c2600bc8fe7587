// Reads the package's types as the compiler does: every export, its members, and what is said about each.

import { readFileSync } from 'node:fs';
import ts from 'typescript-5';

const ROOT = new URL('../..', import.meta.url);

// The entries of the package, by the files that declare them.
export const ENTRIES = { b24pay: 'src/js/types.d.ts', 'b24pay/element': 'npm/element.d.ts', 'b24pay/testing': 'npm/testing/index.d.ts' };

// `[{ name, text, declaration, undocumented }]` in the order of the file. `undocumented` are the members that nothing is said about.
export function declared(path) {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(isExported).map((statement) => ({
    name: statement.name.text,
    text: said(statement),
    declaration: statement.getText(source),
    undocumented: (saysSomething(statement, text) ? [] : [statement.name.text])
      .concat(membersOf(statement).filter((member) => !saysSomething(member, text)).map((member) => `${statement.name.text}: ${member.getText(source)}`)),
  }));
}

const isExported = (statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

// Members of an interface or a class, of which a setter has what its getter says; cases of a union with more than one line.
function membersOf(statement) {
  if (ts.isInterfaceDeclaration(statement)) return statement.members.filter((member) => !ts.isIndexSignatureDeclaration(member));
  if (ts.isClassDeclaration(statement)) return statement.members.filter((member) => !ts.isSetAccessorDeclaration(member));
  if (ts.isTypeAliasDeclaration(statement) && statement.type.getText().includes('\n')) return casesOf(statement.type);
  return [];
}

function casesOf(type) {
  if (ts.isUnionTypeNode(type)) return type.types.filter((one) => !ts.isTypeReferenceNode(one));
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(casesOf);
  if (ts.isParenthesizedTypeNode(type)) return casesOf(type.type);
  return ts.isTypeLiteralNode(type) && type.getText().includes('\n') ? type.members : [];
}

// A comment for documentation stands before it, or between it and the bar before it.
const saysSomething = (node, text) =>
  (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).some(({ pos }) => text.startsWith('/**', pos)) ||
  /\/\*\*(?:(?!\*\/)[^])*\*\/\s*\|?\s*$/.test(text.slice(0, node.getStart()));

// The comment before an export, with its tags as sentences.
function said(statement) {
  const [doc] = statement.jsDoc ?? [];
  if (!doc) return '';
  const tags = (doc.tags ?? []).map((tag) => `${tag.tagName.text === 'throws' ? 'Rejects ' : ''}${worded(tag.comment)}`.replace('Rejects by rejection only', 'Rejects'));
  return [worded(doc.comment), ...tags].filter(Boolean).join('\n\n');
}

const worded = (comment) => (ts.getTextOfJSDocComment(comment) ?? '').replace(/\{@link (\w+)\s*\}/g, (_, name) => `[\`${name}\`](#${name.toLowerCase()})`);
