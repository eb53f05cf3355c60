// `next build`, then what the standalone folder leaves out: the browser's files and the public folder. The maps of the
// browser's scripts go where nobody is served from: they are for the server, which reads stacks by them.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hideSourceMaps } from '@unite/apm/source-maps';

const root = fileURLToPath(new URL('..', import.meta.url));
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

const { status } = spawnSync(process.execPath, [next, 'build'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
if (status !== 0) process.exit(status ?? 1);

const standalone = `${root}.next/standalone/examples/crm`;
const { maps } = await hideSourceMaps({
  from: `${root}.next/static`,
  to: `${standalone}/.next/browser-maps`,
});
console.info(`${maps} source maps are kept out of the public folder`);
await cp(`${root}.next/static`, `${standalone}/.next/static`, { recursive: true });
// Those of the server's own scripts, of which the standalone folder has a part.
await cp(`${root}.next/server`, `${standalone}/.next/server`, {
  recursive: true,
  filter: (path) => path.endsWith('.map') || statSync(path).isDirectory(),
});
await mkdir(`${root}public`, { recursive: true });
await cp(`${root}public`, `${standalone}/public`, { recursive: true });
