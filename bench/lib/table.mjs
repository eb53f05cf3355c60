/** Numbers as they are read: three digits that mean something. */
export const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export const times = ({ median, least, most }) => `${short(median)}× (${short(least)}–${short(most)})`;

/**
 * A table in Markdown.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(head, rows) {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
