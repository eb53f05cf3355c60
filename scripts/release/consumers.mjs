import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const templates = join(import.meta.dirname, 'apps');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Applications that were empty before: they install from a registry, and each asks itself one request.
 *
 * @typedef {(command: readonly string[], cwd: string) => Promise<string>} Run
 */

/** A new application out of a template, with packages from the registry. @param {string} directory @param {'express' | 'next'} template @param {Run} run */
export async function newApplication(directory, template, run) {
  cpSync(join(templates, template), directory, { recursive: true });
  await run(['npm', 'install', '--no-package-lock', ...quiet], directory);
  return run(['npm', 'run', '--silent', 'check'], directory);
}

/** What npm makes of a range once there is a newer release. @param {string} directory @param {string} name @param {string} range @param {Run} run */
export async function installedVersion(directory, name, range, run) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: { [name]: range } }),
  );
  // Said in any case: `npm run --silent` would hand its silence down.
  const loud = ['--no-audit', '--no-fund', '--loglevel=warn'];
  const output = await run(['npm', 'install', '--no-package-lock', ...loud], directory);
  const { version } = JSON.parse(readFileSync(join(directory, 'node_modules', name, 'package.json'), 'utf8'));
  return { version, isDeprecated: output.includes('deprecated') };
}
