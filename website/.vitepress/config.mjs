import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { addressOf } from '../src/addresses.mjs';
import { createLinkCheck } from '../src/check-links.mjs';
import { diagrams } from '../src/diagrams.mjs';
import { emptyHeads } from '../src/empty-heads.mjs';
import { writeLlms } from '../src/llms.mjs';
import { copyMermaid, mermaidEntry, mermaidModule } from '../src/mermaid-files.mjs';
import { excluded, pages } from '../src/pages.mjs';
import { host, root } from '../src/repository.mjs';
import { repositoryLinks } from '../src/repository-links.mjs';
import { sidebar } from '../src/sidebar.mjs';
import { switchedTokens } from '../src/switched-tokens.mjs';
import { vueOfTheSite } from '../src/vue-of-the-site.mjs';

const title = 'Unite';
const description = 'Production readiness for Node services, measured on your own machine.';
/** Below what address the site is served: `/` or `/name/`. */
const base = process.env.DOCS_BASE ?? '/';
const website = fileURLToPath(new URL('..', import.meta.url));
const groups = sidebar();
const linkCheck = createLinkCheck(base);

export default defineConfig({
  title,
  description,
  base,
  lang: 'en',
  // The repository itself is rendered: each page stands where it is read without this site, too.
  srcDir: root,
  srcExclude: excluded,
  rewrites: addressOf,
  outDir: 'dist',
  cacheDir: '.cache',
  cleanUrls: true,
  metaChunk: true,
  markdown: {
    anchor: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // What the highlighter does not know, by what comes near.
    languageAlias: { promql: 'sql', haproxy: 'nginx' },
    config(md) {
      md.use(repositoryLinks).use(diagrams).use(emptyHeads);
    },
  },
  themeConfig: {
    sidebar: groups,
    outline: [2, 3],
    search: { provider: 'local', options: { detailedView: true, _render: renderForSearch } },
    nav: [
      { text: 'Choosing', link: '/choosing-packages' },
      { text: 'Guides', link: '/docs' },
      { text: 'Operations', link: '/operations/' },
      { text: 'Reference', link: '/api/' },
      { text: 'Benchmarks', link: '/benchmarks' },
    ],
    ...(host !== undefined && {
      socialLinks: [{ icon: 'github', link: host }],
      editLink: {
        pattern: ({ filePath }) => `${host}/blob/main/${filePath}`,
        text: 'See this page in the repository',
      },
    }),
    footer: { message: 'MIT licence.' },
  },
  vite: {
    plugins: [switchedTokens(), vueOfTheSite()],
    publicDir: join(website, 'public'),
    // All that is no page, and changes a lot.
    server: { watch: { ignored: ['**/{node_modules,dist,coverage,.next,.unite,.turbo}/**'] } },
    build: {
      chunkSizeWarningLimit: 8_000,
      rollupOptions: {
        external: [mermaidModule],
        output: { paths: { [mermaidModule]: `${base}${mermaidEntry}` } },
      },
    },
  },
  transformHtml(code, _id, { page }) {
    linkCheck.note(code, page);
  },
  buildEnd({ outDir, pages: built }) {
    const missing = [...pages.keys()].filter((file) => !built.includes(file));
    const unlisted = built.filter((file) => !pages.has(file));
    if (missing.length + unlisted.length > 0)
      throw new Error(`Pages that are not built: ${missing}. Built and not listed: ${unlisted}`);
    linkCheck.end();
    copyMermaid(outDir);
    writeLlms({ outDir, base, title, description, groups });
  },
});

/** Nobody sees the colours of code there. @type {import('vitepress').DefaultTheme.LocalSearchOptions['_render']} */
function renderForSearch(source, env, md) {
  md.set({ highlight: null });
  return md.render(source, env);
}
