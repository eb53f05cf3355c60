/**
 * Everything in which words are no words of a statement: comments, which nest, literals, quoted names. Read
 * under `standard_conforming_strings`, which PostgreSQL has on.
 *
 * @see https://www.postgresql.org/docs/18/sql-syntax-lexical.html
 */
const quoted =
  /--[^\n\r]*|\/\*|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\1\$/g;
const commentEdge = /\/\*|\*\//g;

/** A text with a blank in the place of each comment, literal and quoted name. */
export function withoutQuotes(text: string): string {
  let words = '';
  let end = 0;
  quoted.lastIndex = 0;
  for (let found = quoted.exec(text); found; found = quoted.exec(text)) {
    words += `${text.slice(end, found.index)} `;
    if (found[0] === '/*') quoted.lastIndex = endOfComment(text, quoted.lastIndex);
    end = quoted.lastIndex;
  }
  return words + text.slice(end);
}

/** One that does not end takes the rest along, as the server sees it. */
function endOfComment(text: string, from: number): number {
  commentEdge.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const edge = commentEdge.exec(text);
    if (!edge) return text.length;
    depth += edge[0] === '/*' ? 1 : -1;
  }
  return commentEdge.lastIndex;
}
