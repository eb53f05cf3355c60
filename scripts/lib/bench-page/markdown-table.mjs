/**
 * A table in Markdown, whatever is in its cells. Columns of figures are set right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function markdownTable(head, rows) {
  const isFigures = head.map((_, column) => rows.every((cells) => /^[^a-z]*$/i.test(`${cells[column]}`)));
  const lines = [
    head.map(cell),
    isFigures.map((figures, column) => (figures && column > 0 ? '---:' : '---')),
    ...rows.map((cells) => cells.map(cell)),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {string | number} content */
function cell(content) {
  return String(content)
    .replaceAll('|', '\\|')
    .replace(/<(?!br>|\/?code>)/g, '&lt;')
    .replaceAll('\n', '<br>');
}
