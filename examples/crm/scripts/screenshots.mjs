// Takes the pictures of the documentation: walks through the build as a newcomer does, and keeps what was seen on the way.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const taken = new URL('../../../.unite/screenshots/', import.meta.url);
const kept = new URL('../../../docs/screenshots/crm/', import.meta.url);

/** As test/walk.test.ts calls them. */
const pictures = [
  'start',
  'contacts',
  'contacts-narrow',
  'contact',
  'contact-dark',
  'campaigns',
  'campaign-invalid',
  'error',
  'usage',
  'usage-narrow',
  'contacts-full',
  'drill',
  'replica-down',
  'replica-down-dark',
  'trace',
  'trace-of-job',
  'ops-now',
  'ops-errors',
  'try-this',
];

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, 'test/walk.test.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

rmSync(kept, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });
for (const name of pictures)
  copyFileSync(new URL(`crm-walk-${name}.png`, taken), new URL(`${name}.png`, kept));
console.info(`${pictures.length} pictures are in docs/screenshots/crm`);
