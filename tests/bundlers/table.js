// The table of the package's README: what the package was used with, and what each entry needed.

const BEGIN = '<!-- bundlers -->\n';
const END = '<!-- /bundlers -->';

export const inMarkdown = (rows) => [
  '| used with | `b24pay` | `b24pay/slim` | `b24pay/element` |',
  '|---|---|---|---|',
  ...rows.map(({ name, cells }) => `| ${name} | ${cells['.']} | ${cells['./slim']} | ${cells['./element']} |`),
  '',
].join('\n');

export const quotedIn = (readme) => {
  const [, rest = ''] = readme.split(BEGIN);
  return rest.split(END)[0];
};
