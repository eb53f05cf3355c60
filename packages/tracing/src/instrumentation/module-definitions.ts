import type { Instrumentation } from '@opentelemetry/instrumentation';

type Patch = (...args: unknown[]) => unknown;

/** A module that an instrumentation patches when it is loaded, as `InstrumentationBase` keeps it. */
export interface ModuleDefinition {
  readonly name: string;
  readonly supportedVersions: readonly string[];
  /** What was patched, once it was. */
  moduleExports?: unknown;
  patch?: Patch | undefined;
  readonly files?: readonly { moduleExports?: unknown; patch?: Patch | undefined }[] | undefined;
}

/**
 * The definitions of an instrumentation, and of instrumentations that it consists of, as that of redis does. They stand
 * in a private field of `InstrumentationBase`; `undefined` where there is no such field, as in a later version may be.
 */
export function moduleDefinitionsOf(
  instrumentation: Instrumentation,
): readonly ModuleDefinition[] | undefined {
  const parts: readonly unknown[] = [instrumentation, ...Object.values(instrumentation)];
  const lists = parts.flatMap((part) => {
    const list = typeof part === 'object' && part !== null && (part as { _modules?: unknown })._modules;
    return Array.isArray(list) ? [list as ModuleDefinition[]] : [];
  });
  return lists.length > 0 ? lists.flat() : undefined;
}
