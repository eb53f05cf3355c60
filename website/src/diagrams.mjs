/**
 * Gives the fences of language `mermaid` to the component that draws them. Without scripts their text is shown.
 *
 * @param {import('markdown-it').default} md
 */
export function diagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== 'mermaid') return fence?.(tokens, index, options, env, self) ?? '';
    // As an attribute: in a slot, Vue would join the lines.
    const source = md.utils.escapeHtml(token.content).replaceAll('\n', '&#10;');
    return `<MermaidDiagram source="${source}" />\n`;
  };
}
