import { syncBuiltinESMExports } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { moduleDefinitionsOf } from './module-definitions';

/** `node:http` and `node:https`, by its stable conventions: requests to others, to this process, or both. */
export function createHttpInstrumentation(names: ReadonlySet<unknown>): HttpInstrumentation {
  const instrumentation = new HttpInstrumentation({
    disableOutgoingRequestInstrumentation: !names.has('http'),
    disableIncomingRequestInstrumentation: !names.has('http-server'),
    requireParentforOutgoingSpans: true,
  });
  patchNow(instrumentation);
  return instrumentation;
}

/**
 * It patches when somebody requires these modules for the first time since any instrumentation was made, which may
 * have been long ago, and ES modules never require. They are Node's own and always there, so they are patched at once;
 * ES modules that have imported names from them are told. It takes care itself that nothing is patched twice.
 */
function patchNow(instrumentation: HttpInstrumentation): void {
  for (const definition of moduleDefinitionsOf(instrumentation) ?? []) {
    const builtin: unknown = process.getBuiltinModule(definition.name);
    definition.moduleExports = builtin;
    definition.patch?.(builtin);
  }
  syncBuiltinESMExports();
}
