/**
 * A text without the values that databases, and what stands before them, show in their messages, wherever it was
 * rethrown: `Key (email)=(?) already exists`. Takes time in proportion: each expression takes all it looks at.
 */
export function maskDatabaseValues(text: string): string {
  let masked = text;
  if (masked.includes('Failed query: ')) masked = masked.replace(parameters, '$1?');
  if (masked.includes(')=(')) masked = masked.replace(key, '$1?)');
  if (masked.includes('Failing row')) masked = masked.replace(failingRow, '$1?)');
  if (masked.includes('Duplicate entry')) masked = masked.replace(duplicateEntry, "$1?'");
  if (masked.includes('dup key')) masked = masked.replace(duplicateKey, '$1 ? }');
  if (masked.includes('key value is (')) masked = masked.replace(duplicateValue, '$1?)');
  return /alues|ALUES/.test(masked) ? masked.replace(inserted, withoutLiterals) : masked;
}

/** Of Drizzle, which lists them behind the statement, up to the frames of a stack. */
const parameters = /((?:\s|\\n)params: )[\s\S]+?(?=(?:\n|\\n)\s{1,8}at |$)/g;

/** Of PostgreSQL, where a value may hold brackets too. */
const key =
  /(\bKey \([^\n]{1,200}?\)=\()[^\n]*?(?:\)(?= (?:already|is|conflicts)\b|(?:[.,;"'\\]\s*)?$)|(?=\n)|$)/g;

/** Of PostgreSQL, for constraints of a row. */
const failingRow = /(\bFailing row contains \()[\s\S]*?(?:\)(?=\.?(?:[\n"\\]|$))|$)/g;

/** Of MySQL, which does not escape quotes in it. */
const duplicateEntry = /(\bDuplicate entry ')[\s\S]*?(?:'(?= for key)|$)/g;

/** Of MongoDB. */
const duplicateKey = /(\bdup key: \{)(?:[^"\n}]|"(?:[^"\\\n]|\\.)*"?|\}(?=\s{0,4}[,}]))*\}?/g;

/** Of SQL Server. */
const duplicateValue = /(\bduplicate key value is \()[^\n]*?(?:\)(?=\.?(?:[\s"'\\]|$))|(?=\n)|$)/g;

const literal = /'(?:[^'\\]|\\[\s\S]?)*(?:'|$)|"(?:[^"\\]|\\[\s\S]?)*(?:"|$)/.source;
const row = `\\((?:[^()'"]|${literal}|\\((?:[^()'"]|${literal})*\\)?)*\\)?`;

const inserted = new RegExp(
  `(\\b(?:insert|replace)\\s{1,4}into\\s[\\s\\S]{1,400}?\\bvalues\\s{0,4})(${row}(?:\\s{0,4},\\s{0,4}${row})*)`,
  'gi',
);

function withoutLiterals(all: string, before: string, rows: string): string {
  return /['"]|(?<![\w$:@])\d/.test(rows) ? `${before}(?)` : all;
}
