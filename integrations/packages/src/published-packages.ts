import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, repository } from './repository';

/** The members of a `package.json` that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly sideEffects?: unknown;
  readonly engines?: { readonly node?: string };
  readonly repository?: { readonly url: string; readonly directory?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | ConditionalExport>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Types beside the file they describe, for each way to load it. */
export interface ConditionalExport {
  readonly import: { readonly types: string; readonly default: string };
  readonly require: { readonly types: string; readonly default: string };
}

/** One entry that a user can import. */
export interface PublicEntry {
  /** What a user writes, such as `@unite/core/context`. */
  readonly specifier: string;
  readonly target: ConditionalExport;
}

/** A package that goes to the npm registry. */
export interface PublishedPackage {
  readonly name: string;
  /** Absolute path of its sources and its build. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** Every subpath with code behind it. */
  readonly entries: readonly PublicEntry[];
}

/** Every package under `packages/` that is not private. */
export const publishedPackages: readonly PublishedPackage[] = readdirSync(join(repository, 'packages'))
  .map((folder) => describePackage(folder, readJson<Manifest>('packages', folder, 'package.json')))
  .filter(({ manifest }) => !manifest.private);

/** Every public entry of every package. */
export const publicEntries = publishedPackages.flatMap((owner) =>
  owner.entries.map((entry) => ({ ...entry, owner })),
);

function describePackage(folder: string, manifest: Manifest): PublishedPackage {
  const entries = Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
    typeof target === 'string' ? [] : [{ specifier: manifest.name + subpath.slice(1), target }],
  );
  return { name: manifest.name, directory: join(repository, 'packages', folder), manifest, entries };
}
