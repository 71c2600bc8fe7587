// The report as CSV: a spreadsheet reads it as text and numbers, and runs nothing in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { csv } from "../../www/report.js";

const line = (cells, language = "en") => csv([cells], language).slice(1, -2);

test("it begins with the mark by which Excel knows UTF-8, and lines end as CSV lines do", () => {
  assert.equal(csv([["a"], ["b"]], "en"), '\ufeff"a"\r\n"b"\r\n');
});

for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\uff1d1"]) {
  test(`${JSON.stringify(text)} is no formula`, () => assert.equal(line([text]), `"'${text}"`));
}

for (const text of ["2345/1", "5/1", "12-31", "24/7/26"]) {
  test(`${JSON.stringify(text)} is no date`, () => assert.equal(line([text]), `"'${text}"`));
}

for (const [text, safe] of [
  ["a,=1+1", "a,'=1+1"], ["a;@SUM(A1)", "a;'@SUM(A1)"], ["a\t-1", "a\t'-1"], ["a|+1", "a|'+1"], ["a\n=1", "a\n'=1"], ["a\r\n=1", "a\r\n'=1"],
  ["a; \u00a0=1", "a;' \u00a0=1"], ["a,\uff1d1", "a,'\uff1d1"], ["=1,=2;=3", "'=1,'=2;'=3"],
]) {
  test(`${JSON.stringify(text)} is no formula, whatever is taken for the separator`, () => {
    assert.equal(line([text]), `"${safe}"`);
    assert.equal(line([{ decimal: text }], "de"), `"${safe}"`);
  });
}

test("signs that show what follows in another order than it is written are left out, as on the page", () => {
  assert.equal(line(["9\u202e17/1", "Card \u2067\u05d0\u2069", "بطاقة"]), '"917/1","Card \u2067\u05d0\u2069","بطاقة"');
  for (const sign of ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e"]) assert.equal(line([`${sign}=1`, `5${sign}/1`]), `"'=1","'5/1"`);
});

test("a sign inside a text stays as it is", () => {
  for (const text of ["a=b", "a - b; c", "1+1, a@b", "Visa, not 3-D; 5"]) assert.equal(line([text]), `"${text}"`);
});

test("a number that is none of both stays as it is, and so does a moment", () => {
  for (const text of ["917/1", "12345/1", "2345/1/A", "2026-09-10T01:52:39+03:00"]) assert.equal(line([text]), `"${text}"`);
});

test("quotes are doubled, separators and line ends stay inside", () => {
  assert.equal(line(['a "b", c;\nd', "917/1"]), '"a ""b"", c;\nd","917/1"');
});

test("amounts stay numbers, with the decimal sign and separator that spreadsheets of the language expect", () => {
  assert.equal(line([{ decimal: "-12.50" }, "x"]), '-12.50,"x"');
  assert.equal(line([{ decimal: "-12.50" }, "x"], "de"), '-12,50;"x"');
  assert.equal(line([{ decimal: "=1" }]), '"\'=1"');
  for (const text of ["1=cmd()", "n/a"]) assert.equal(line([{ decimal: text }]), `"${text}"`);
});
