// Bundles the pages of the dashboard into src/dashboard/client/assets.ts, as text that needs no file at run time, and
// keeps them within their budget.
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const client = fileURLToPath(new URL('../src/dashboard/client/', import.meta.url));

/** Of everything together, compressed: what the pages are meant to weigh, and what they never may. */
const budgetBytes = 38_000;

/** Where a module of the bundle belongs, the first that fits. */
const parts = [
  ['runtime', /node_modules/],
  ['charts', /client\/charts\//],
  ['screens', /./],
];

/** @returns {Promise<{ part: string, bytes: number }[]>} what each part weighs, compressed; writes the assets */
export async function buildDashboard() {
  const [script, styles] = await Promise.all([bundle('main.tsx'), bundle('dashboard.css')]);
  const assets = {
    'app.js': describe(script.text, 'text/javascript; charset=utf-8'),
    'app.css': describe(styles.text, 'text/css; charset=utf-8'),
  };
  await writeWhenOther(`${client}assets.ts`, sourceOf(assets));
  return [...partsOf(script), { part: 'CSS', bytes: gzipSync(styles.text).length }];
}

/** @param {string} entry */
async function bundle(entry) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: client,
    entryPoints: [entry],
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const [text] = outputFiles.map((file) => file.text);
  const [output] = Object.values(metafile.outputs);
  if (text === undefined || !output) throw new Error(`esbuild has made nothing of ${entry}`);
  return { text, inputs: output.inputs };
}

/**
 * @param {string} body
 * @param {string} type
 */
function describe(body, type) {
  return { type, hash: createHash('sha256').update(body).digest('hex').slice(0, 12), body };
}

/** The compressed size, shared out by what each part has in the bundle: modules are compressed together. */
function partsOf({ text, inputs }) {
  const compressed = gzipSync(text).length;
  const sizes = new Map(parts.map(([part]) => [part, 0]));
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const part = parts.find(([, where]) => where.test(`client/${file}`))?.[0];
    sizes.set(part, sizes.get(part) + bytesInOutput);
  }
  const whole = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return [...sizes].map(([part, bytes]) => ({ part, bytes: Math.round((bytes / whole) * compressed) }));
}

function sourceOf(assets) {
  return [
    '// Made by scripts/build-dashboard.mjs.',
    '/** What the pages of the dashboard load: text, since a file would be missed by bundlers. */',
    "export const assets: Readonly<Record<'app.js' | 'app.css', { readonly body: string; readonly hash: string; readonly type: string }>> =",
    `  ${JSON.stringify(assets, undefined, 2)};`,
    '',
  ].join('\n');
}

/** In one step, since a test and a build may be at it at once. */
async function writeWhenOther(file, text) {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === text) return;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await buildDashboard();
  const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
  const rows = [...sizes, { part: 'together', bytes: sum }, { part: 'budget', bytes: budgetBytes }];
  for (const { part, bytes } of rows) {
    process.stdout.write(`${part.padEnd(10)}${(bytes / 1_000).toFixed(1).padStart(6)} kB gzip\n`);
  }
  if (sum > budgetBytes) {
    process.stderr.write(`The dashboard weighs ${sum} bytes, more than the ${budgetBytes} of its budget\n`);
    process.exitCode = 1;
  }
}
