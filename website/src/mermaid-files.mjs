import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the theme imports. */
export const mermaidModule = 'mermaid/dist/mermaid.esm.min.mjs';

/** What a page with a diagram loads, from the beginning of the site. It is bundled already, and not bundled again. */
export const mermaidEntry = 'mermaid/mermaid.esm.min.mjs';

const chunks = 'chunks/mermaid.esm.min';
const dist = fileURLToPath(new URL('../node_modules/mermaid/dist', import.meta.url));

/** @param {string} outDir of the site */
export function copyMermaid(outDir) {
  const target = join(outDir, 'mermaid');
  mkdirSync(target, { recursive: true });
  cpSync(join(dist, 'mermaid.esm.min.mjs'), join(target, 'mermaid.esm.min.mjs'));
  cpSync(join(dist, chunks), join(target, chunks), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
}
