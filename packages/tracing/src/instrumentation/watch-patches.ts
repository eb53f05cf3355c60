import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { PatchReport } from '../pipeline-types';
import { loadedPackages } from './loaded-packages';

/** A module that an instrumentation patches when it is loaded, as `InstrumentationBase` keeps it. */
interface ModuleDefinition {
  readonly name: string;
  patch?: ((...args: unknown[]) => unknown) | undefined;
  readonly files?: readonly { patch: (...args: unknown[]) => unknown }[] | undefined;
}

type Patches = Pick<PatchReport, 'patched' | 'missed' | 'note'>;

/** Of these only files are patched; that their entry was seen means nothing. */
const patchedByFile = new Set(['@redis/client', '@node-redis/client']);

/**
 * Watches what an instrumentation patches from now on. `InstrumentationBase` does not tell; its definitions are found
 * in its private field, and their `patch` is wrapped. Where a later version has no such field, the report says so.
 */
export function watchPatches(instrumentation: Instrumentation): () => Patches {
  const definitions = definitionsOf(instrumentation);
  const loadedBefore = loadedPackages();
  const patched = new Set<string>();
  for (const definition of definitions ?? []) {
    for (const target of targetsOf(definition)) watch(target, () => patched.add(definition.name));
  }
  return () => {
    if (!definitions) return { patched: [], missed: [], note: 'what it patches is not known' };
    const loaded = loadedPackages();
    const missed = definitions.filter(({ name }) => loaded.has(name) && !patched.has(name));
    return {
      patched: [...patched],
      missed: missed.map(({ name }) => ({
        module: name,
        reason: loadedBefore.has(name) ? 'loaded-before' : 'no-esm-hook',
      })),
    };
  };
}

/** Its own definitions, and those of instrumentations that it consists of, as that of redis does. */
function definitionsOf(instrumentation: Instrumentation): readonly ModuleDefinition[] | undefined {
  const parts: readonly unknown[] = [instrumentation, ...Object.values(instrumentation)];
  const lists = parts.flatMap((part) => {
    const list = typeof part === 'object' && part !== null && (part as { _modules?: unknown })._modules;
    return Array.isArray(list) ? [list as ModuleDefinition[]] : [];
  });
  return lists.length > 0 ? lists.flat() : undefined;
}

function targetsOf(definition: ModuleDefinition): readonly Pick<ModuleDefinition, 'patch'>[] {
  const files = definition.files ?? [];
  return patchedByFile.has(definition.name) ? files : [definition, ...files];
}

function watch(target: Pick<ModuleDefinition, 'patch'>, onPatch: () => void): void {
  const { patch } = target;
  if (typeof patch !== 'function') return;
  target.patch = function watched(this: unknown, ...args) {
    onPatch();
    return patch.apply(this, args);
  };
}
