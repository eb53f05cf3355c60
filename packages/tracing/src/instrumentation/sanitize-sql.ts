// What a statement is made of, in the order in which it is tried at each place. PostgreSQL §4.1, "Lexical Structure".
const tokens = new RegExp(
  [
    String.raw`(?<comment>--[^\n\r]*|/\*)`,
    // With backslashes: E'it\'s', also U&'…', where a backslash never stands before the last quote.
    String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$))`,
    `(?<plain>(?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|$))`,
    String.raw`(?<dollar>\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$))`,
    String.raw`(?<kept>"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\$\p{N}+)`,
    `(?<open>"[\\s\\S]*)`,
    String.raw`(?<number>0[xXoObB][\da-fA-F_]+\w*|(?:\p{N}[\p{N}_]*\.?[\p{N}_]*|\.\p{N}[\p{N}_]*)(?:[eE][+-]?\d+)?[\p{L}\p{N}_]*)`,
    String.raw`(?<space>\s+)`,
    String.raw`(?<other>[\s\S])`,
  ].join('|'),
  'uy',
);

/** Longest statement that is looked at, in UTF-16 units; what is behind it is left out. */
const maxLength = 16_384;

/**
 * The statement without what it says of anybody: each literal becomes `?`, a list of them one `?`, and comments go.
 * Names and parameters (`$1`) stay. What never ends, such as a text without its last quote, is hidden to the end.
 *
 * Backslashes in plain texts are read as the standard says, which is PostgreSQL's default
 * (`standard_conforming_strings`).
 */
export function sanitizeSql(sql: string): string {
  const text = sql.slice(0, maxLength);
  let sanitized = '';
  let position = 0;
  while (position < text.length) {
    tokens.lastIndex = position;
    const { groups = {}, 0: token = '' } = tokens.exec(text) ?? {};
    position += token.length;
    if (groups.comment === '/*') position = endOfComment(text, position);
    sanitized += replacement(groups, token);
  }
  const lists = sanitized.replace(/\?(?:\s*,\s*\?)+/g, '?').replace(/ {2,}/g, ' ');
  return `${lists.trim()}${sql.length > maxLength ? '…' : ''}`;
}

function replacement(groups: Readonly<Record<string, string | undefined>>, token: string): string {
  if (groups.comment !== undefined || groups.space !== undefined) return ' ';
  return groups.kept !== undefined || groups.other !== undefined ? token : '?';
}

/** Comments nest: `/* one /* two *\/ *\/`. */
function endOfComment(text: string, start: number): number {
  const borders = /\/\*|\*\//g;
  borders.lastIndex = start;
  let depth = 1;
  while (depth > 0) {
    const border = borders.exec(text);
    if (!border) return text.length;
    depth += border[0] === '/*' ? 1 : -1;
  }
  return borders.lastIndex;
}
