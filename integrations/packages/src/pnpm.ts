import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { readJson } from './repository';

/**
 * The command that is pnpm here: the one that runs this very script, the one on PATH, or the version that
 * the repository names, through npx.
 */
export function pnpmCommand(): readonly [string, ...string[]] {
  const running = process.env.npm_execpath ?? '';
  if (/^pnpm.*\.[cm]?js$/.test(basename(running))) return [process.execPath, running];
  if (spawnSync('pnpm', ['--version']).status === 0) return ['pnpm'];
  return ['npx', '--yes', readJson<{ packageManager: string }>('package.json').packageManager];
}
