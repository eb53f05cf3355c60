import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { PatchReport } from '../pipeline-types';
import { loadedPackages, versionIn } from './loaded-packages';
import { type ModuleDefinition, moduleDefinitionsOf } from './module-definitions';
import { supportsVersion } from './supports-version';

type Patches = Omit<PatchReport, 'name'>;

/** Of these only files are patched; that their entry was seen means nothing. */
const patchedByFile = new Set(['@redis/client', '@node-redis/client']);

/** Watches what an instrumentation patches, which it tells nobody: the `patch` of its definitions is wrapped. */
export function watchPatches(instrumentation: Instrumentation): () => Patches {
  const definitions = moduleDefinitionsOf(instrumentation);
  const loadedBefore = loadedPackages();
  const patched = new Set<string>();
  for (const definition of definitions ?? []) {
    for (const target of targetsOf(definition)) watch(target, () => patched.add(definition.name));
  }
  return () => {
    if (!definitions) return { patched: [], missed: [], note: 'what it patches is not known' };
    const unseen = seenBy(definitions).filter(({ name }) => !patched.has(name));
    const missed = unseen
      .filter(({ isSupported }) => isSupported)
      .map(({ name }) => ({
        module: name,
        reason: loadedBefore.has(name) ? ('loaded-before' as const) : ('no-esm-hook' as const),
      }));
    const others = patched.size + missed.length > 0 ? [] : unseen;
    const note = others.map(({ name, versions }) => `it does not know ${name} ${versions}`).join('; ');
    return { patched: [...patched].sort(), missed, ...(note && { note }) };
  };
}

/** Those that are loaded by now. One instrumentation may have a definition for each range of versions. */
function seenBy(definitions: readonly ModuleDefinition[]) {
  const loaded = loadedPackages();
  return definitions.flatMap(({ name, supportedVersions }) => {
    const versions = [...(loaded.get(name) ?? [])].flatMap((folder) => versionIn(folder) ?? []);
    const isSupported = versions.some((version) => supportsVersion(supportedVersions, version));
    return versions.length > 0 ? [{ name, versions: versions.join(', '), isSupported }] : [];
  });
}

type Target = Pick<ModuleDefinition, 'patch' | 'moduleExports'>;

function targetsOf(definition: ModuleDefinition): readonly Target[] {
  const files = definition.files ?? [];
  return patchedByFile.has(definition.name) ? files : [definition, ...files];
}

function watch(target: Target, onPatch: () => void): void {
  const { patch } = target;
  if (typeof patch !== 'function') return;
  if (target.moduleExports !== undefined) onPatch();
  target.patch = function watched(this: unknown, ...args) {
    onPatch();
    return patch.apply(this, args);
  };
}
