// Takes the dashboard's pictures of the documentation: walks through its pages, and keeps what was seen on the way.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const taken = new URL('../../../.unite/screenshots/', import.meta.url);
const kept = new URL('../../../docs/screenshots/dashboard/', import.meta.url);

/** As test/dashboard/pages.test.ts calls them. */
const pictures = ['now-light', 'now-dark', 'now-narrow', 'requests-light', 'traces-dark', 'database-light'];

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, 'test/dashboard/pages.test.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

rmSync(kept, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });
for (const name of pictures) {
  copyFileSync(new URL(`dashboard-${name}.png`, taken), new URL(`${name}.png`, kept));
}
process.stdout.write(`${pictures.length} pictures are in docs/screenshots/dashboard\n`);
