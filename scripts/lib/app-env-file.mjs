import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Leaves what the app runs with where other commands find it, for as long as it runs: `npm run unite -- verify`.
 *
 * @param {string} stateDirectory
 * @param {NodeJS.ProcessEnv} env
 * @returns takes it away again
 */
export function writeAppEnv(stateDirectory, env) {
  const file = join(stateDirectory, 'app.env');
  const lines = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${JSON.stringify(value)}\n`],
  );
  // It holds passwords.
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
