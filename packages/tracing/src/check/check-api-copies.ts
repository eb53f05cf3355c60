import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SetUpFinding } from './check-types';

const code = 'UNITE_TRACING_API_COPIES';
const subject = '@opentelemetry/api';

/** The module that holds the version, in every copy that Node has loaded. */
const versionFile = /[\\/]@opentelemetry[\\/]api[\\/](?:build[\\/]\w+|dist)[\\/]version\.c?js$/;

/** What is behind the folder of the package, in its versions so far. */
const inPackage = /[\\/](?:build|dist)[\\/].*$/;

interface Copy {
  readonly version: string;
  readonly folder: string;
}

/**
 * Whether every copy of the API sees the spans of the one that registered: one that is newer does not, and says nothing.
 * Older ones do.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/semver.ts
 */
export function checkApiCopies(): SetUpFinding {
  const registered = registeredVersion();
  const copies = [...loadedCopies(), ...installedCopies()];
  const byFolder = new Map(copies.map((copy) => [copy.folder, copy]));
  const blind = [...byFolder.values()].filter(({ version }) => isNewer(version, registered));
  if (blind.length === 0) {
    const versions = [...new Set([registered, ...copies.map(({ version }) => version)])].join(', ');
    return { code, subject, status: 'passed', detail: `${versions}: every copy sees the same spans` };
  }
  return {
    code,
    subject,
    status: 'failed',
    detail: `${blind.map(({ version, folder }) => `${version} in ${folder}`).join(', ')} sees no span: ${registered} has registered, and a newer copy takes no notice of an older one`,
    remedy: `Keep one: set "overrides" (npm, pnpm) or "resolutions" (yarn) of @opentelemetry/api to ${registered} in package.json, and install again`,
  };
}

/** Version of the copy that holds what all share. */
function registeredVersion(): string {
  const slots = globalThis as { [key: symbol]: { version?: string } | undefined };
  return slots[Symbol.for('opentelemetry.js.api.1')]?.version ?? 'none';
}

function loadedCopies(): Copy[] {
  // CommonJS alone, which is how 1.9 comes by import, too.
  const { cache } = createRequire(join(process.cwd(), 'package.json'));
  return Object.keys(cache)
    .filter((file) => versionFile.test(file))
    .map((file) => ({
      version: String((cache[file] as { exports: { VERSION?: unknown } }).exports.VERSION),
      folder: file.replace(inPackage, ''),
    }));
}

/** What the application's dependencies would load: ES modules that are loaded are in no list of Node. */
function installedCopies(): Copy[] {
  const { dependencies = {} } = manifestOf(join(process.cwd(), 'package.json'));
  const folders = new Set(
    Object.keys(dependencies)
      .map(apiOf)
      .filter((folder) => folder !== undefined),
  );
  return [...folders].flatMap((folder) => {
    const version = manifestOf(join(folder, 'package.json')).version;
    return version === undefined ? [] : [{ version, folder }];
  });
}

/** The folder of the API that a dependency loads, if it is there and says that it uses the API. */
function apiOf(name: string): string | undefined {
  const manifest = join(process.cwd(), 'node_modules', name, 'package.json');
  const { dependencies, peerDependencies } = manifestOf(manifest);
  if (!{ ...dependencies, ...peerDependencies }['@opentelemetry/api']) return undefined;
  return createRequire(realpathSync(manifest))
    .resolve.paths('@opentelemetry/api')
    ?.map((parent) => join(parent, '@opentelemetry', 'api'))
    .find((candidate) => existsSync(candidate));
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Nothing, where it cannot be read: a bundle has none. */
function manifestOf(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major !== thanMajor || minor > thanMinor;
}
