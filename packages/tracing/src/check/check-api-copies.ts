import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SetUpFinding } from './check-types';

const code = 'UNITE_TRACING_API_COPIES';
const subject = '@opentelemetry/api';

/** The module that holds the version, in every copy that Node has loaded. */
const versionFile = /[\\/]@opentelemetry[\\/]api[\\/]build[\\/]\w+[\\/]version\.js$/;

/**
 * Whether every copy of the API sees the same spans. A copy that is newer than the one that registered finds nothing,
 * and one that is another version cannot register, both without a word.
 */
export function checkApiCopies(): SetUpFinding {
  const copies = loadedCopies();
  const versions = [...new Set(copies.map(({ version }) => version))].sort();
  if (versions.length < 2) {
    return {
      code,
      subject,
      status: 'passed',
      detail: `${versions[0] ?? 'the bundled version'} is the only version loaded`,
    };
  }
  return {
    code,
    subject,
    status: 'failed',
    detail: `${versions.length} versions are loaded (${copies.map(({ version, folder }) => `${version} in ${folder}`).join(', ')}): a newer one sees no span of an older one`,
    remedy: `Keep one: set "overrides" (npm, pnpm) or "resolutions" (yarn) of @opentelemetry/api to ${versions[0]} in package.json, and install again`,
  };
}

function loadedCopies(): { version: string; folder: string }[] {
  // What Node loaded by require, and by import too: the API is CommonJS in both.
  const { cache } = createRequire(join(process.cwd(), 'package.json'));
  return Object.keys(cache)
    .filter((file) => versionFile.test(file))
    .map((file) => ({
      version: String((cache[file] as { exports: { VERSION?: unknown } }).exports.VERSION),
      folder: file.replace(/[\\/]build[\\/]\w+[\\/]version\.js$/, ''),
    }));
}
