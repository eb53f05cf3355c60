import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from './page-of.mjs';
import { versionsOf } from './peers.mjs';
import { readResults } from './result.mjs';

/**
 * Writes docs/benchmarks.md and its pictures anew, from what is kept of each bench.
 *
 * @param {string} root
 */
export function writePage(root) {
  const docs = join(root, 'docs');
  const pictures = join(docs, 'benchmarks');
  mkdirSync(pictures, { recursive: true });
  const { page, charts } = pageOf({
    results: readResults(join(pictures, 'results')),
    peers: readJson(join(root, 'bench/peers.json')),
    versionOf: versionsOf(readJson(join(root, 'bench/package-lock.json'))),
  });
  for (const file of readdirSync(pictures)) {
    if (file.endsWith('.svg') && !charts.has(file)) rmSync(join(pictures, file));
  }
  for (const [file, svg] of charts) writeWhenNew(join(pictures, file), svg);
  writeWhenNew(join(docs, 'benchmarks.md'), page);
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** @param {string} path @param {string} content */
function writeWhenNew(path, content) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== content) writeFileSync(path, content);
}
