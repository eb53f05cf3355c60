import module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { globalSlot } from '@unite/shared';

/**
 * Lets instrumentations patch ES modules that are imported from now on. Once per process, whatever the number of
 * copies. Must run before the program is imported: in a file that `--import` names.
 *
 * Where Node can (22.22.3, 24.11.1, 26 and later) the hook is synchronous and on the main thread; else it is the
 * loader on a thread of its own that `@opentelemetry/instrumentation` documents.
 */
export function registerEsmHook(): void {
  const slot = globalSlot(Symbol.for('unite.tracing.esm-hook.1'), () => ({ isRegistered: false }));
  if (slot.isRegistered) return;
  slot.isRegistered = true;
  if (!registerOnMainThread()) module.register('@opentelemetry/instrumentation/hook.mjs', here());
}

interface SynchronousHook {
  register(): void;
  supportsSyncHooks(): boolean;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}

type NextResolve = (specifier: string, context: object) => Resolved;

/** Node's own types of these are of a later line than the oldest Node that this package runs on. */
const { registerHooks } = module as {
  registerHooks?: (hooks: {
    resolve(specifier: string, context: object, next: NextResolve): Resolved;
  }) => unknown;
};

/** The hook must be the copy that the instrumentations use, so it is looked up from where they look. */
function registerOnMainThread(): boolean {
  if (!registerHooks) return false;
  try {
    const instrumentation = createRequire(here()).resolve('@opentelemetry/instrumentation');
    const hook: SynchronousHook = createRequire(instrumentation)('import-in-the-middle/register-hooks.mjs');
    if (!hook.supportsSyncHooks()) return false;
    hook.register();
    registerHooks({ resolve: resolveBuiltin });
    return true;
  } catch {
    return false;
  }
}

/**
 * Says of Node's own modules that they are that. Where `--eval` requires one on Node 22 and 24, the hook says `commonjs`
 * of those that it lets through, and Node looks for a file: `ENOENT: no such file or directory, open 'module'`.
 */
function resolveBuiltin(specifier: string, context: object, next: NextResolve): Resolved {
  const resolved = next(specifier, context);
  return module.isBuiltin(resolved.url) ? { ...resolved, format: 'builtin' } : resolved;
}

/** This file: CommonJS knows it by one name, ES modules by another. */
function here(): string {
  return typeof __filename === 'string' ? pathToFileURL(__filename).href : import.meta.url;
}
