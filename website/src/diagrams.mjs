/**
 * Gives the fences of language `mermaid` to the component that draws them. Their text stays in the page, for readers
 * without scripts and for search.
 *
 * @param {import('markdown-it').default} md
 */
export function diagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== 'mermaid') return fence?.(tokens, index, options, env, self) ?? '';
    return `<MermaidDiagram>${md.utils.escapeHtml(token.content)}</MermaidDiagram>\n`.replaceAll(
      '{{',
      '&#123;&#123;',
    );
  };
}
