/**
 * A head of a table without text is a cell: whoever hears the page would be told of a heading that says nothing.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function emptyHeads(md) {
  md.core.ruler.push('empty-heads', ({ tokens }) => {
    for (const [index, head] of tokens.entries()) {
      const [text, end] = tokens.slice(index + 1, index + 3);
      if (head.type === 'th_open' && text?.content === '' && end) head.tag = end.tag = 'td';
    }
  });
}
