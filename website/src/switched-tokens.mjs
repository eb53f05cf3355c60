/**
 * The colours of the dashboard, as they are there; the dark ones by the site's switch, which begins with what the system
 * prefers.
 *
 * @returns {import('vite').Plugin}
 */
export function switchedTokens() {
  return {
    name: 'switched-tokens',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/dashboard/client/tokens.css')) return undefined;
      const dark = /@media \(prefers-color-scheme: dark\) \{\s*:root \{(?<colors>[^}]*)\}\s*\}/;
      if (!dark.test(code)) throw new Error(`${id} has no dark colours`);
      return code.replace('color-scheme: light dark;', '').replace(dark, ':root.dark {$<colors>}');
    },
  };
}
