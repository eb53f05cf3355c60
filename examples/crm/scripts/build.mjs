// `next build`, then what the standalone folder leaves out: the browser's files and the public folder.
import { spawnSync } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

const { status } = spawnSync(process.execPath, [next, 'build'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
if (status !== 0) process.exit(status ?? 1);

const standalone = `${root}.next/standalone/examples/crm`;
await cp(`${root}.next/static`, `${standalone}/.next/static`, { recursive: true });
await mkdir(`${root}public`, { recursive: true });
await cp(`${root}public`, `${standalone}/public`, { recursive: true });
