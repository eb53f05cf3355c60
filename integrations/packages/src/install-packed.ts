import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packed } from './packed';
import { publishedPackages } from './published-packages';
import { mustRun } from './run';

/** What a project is written in. */
export type Language = 'js' | 'ts';

/** A folder with the packed packages installed, and in it a project for each kind of modules. */
export interface Installation {
  readonly language: Language;
  readonly directory: string;
  remove(): void;
}

/** A registry that has the packages, where a release is rehearsed; else it is the tarballs that are installed. */
const registry = process.env.UNITE_REGISTRY;

/** Copies the templates outside of the repository and installs the packages there, with npm. */
export function installPacked(language: Language): Installation {
  const directory = mkdtempSync(join(tmpdir(), `unite-${language}-`));
  cpSync(join(__dirname, '../projects', language), directory, { recursive: true });
  addPackages(join(directory, 'package.json'));
  // Without a lockfile, like a user's first install.
  const options = ['--no-package-lock', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  if (registry) options.push(`--registry=${registry}`);
  mustRun('npm', ['install', ...options], directory);
  return { language, directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** All at once: one package finds the other among the tarballs, since the registry may not have it yet. */
function addPackages(file: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name } of publishedPackages)
    manifest.dependencies[name] = registry ? 'latest' : `file:${packed(name).tarball}`;
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}
