/**
 * Leaves Vue to Node.js while pages are rendered: the bundle lies here, where it is installed, and the pages do not.
 *
 * @returns {import('vite').Plugin}
 */
export function vueOfTheSite() {
  return {
    name: 'vue-of-the-site',
    enforce: 'pre',
    resolveId(id, _importer, { ssr }) {
      return ssr && ['vue', 'vue/server-renderer'].includes(id) ? { id, external: true } : undefined;
    },
  };
}
