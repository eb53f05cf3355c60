import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { serverVersions } from './server-versions.mjs';

/**
 * Begins to measure: the end says when and on what it was.
 *
 * @param {string} root
 * @returns {() => import('./result.mjs').Measured}
 */
export function startMeasuring(root) {
  const [loadBefore = 0] = loadavg();
  const startedAtMs = performance.now();
  return () => ({
    at: new Date().toISOString().replace(/:\d\d\.\d+Z$/, 'Z'),
    commit: commitOf(root),
    seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    loadBefore: rounded(loadBefore),
    loadAfter: rounded(loadavg()[0] ?? 0),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: systemName(),
      node: process.version,
      ...serverVersions(root),
    },
  });
}

/** Marked where files differ from it. @param {string} root */
function commitOf(root) {
  const commit = said('git', ['-C', root, 'rev-parse', '--short=10', 'HEAD'])?.trim();
  if (!commit) return 'unknown';
  const changed = said('git', ['-C', root, 'status', '--porcelain', '--', 'packages', 'bench', 'examples']);
  return changed ? `${commit}, with changes` : commit;
}

function systemName() {
  const name = read('/etc/os-release')?.match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1];
  return [name, `${type()} ${release()}`].filter(Boolean).join(', ');
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} program @param {readonly string[]} args */
function said(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

/** @param {number} load */
function rounded(load) {
  return Math.round(load * 10) / 10;
}
