import type { UniteContext } from '../types';
import { type Derivable, deriveKey } from './derive-key';

/**
 * The same request with more known about it. `state` is shared with the base.
 *
 * What the base learns late (Express knows the route only after matching) is seen through every record derived from it.
 *
 * @example
 * runWithContext(deriveContext(context, { traceId: span.traceId }), next);
 */
export function deriveContext(
  base: UniteContext,
  changes: Partial<Omit<UniteContext, 'requestId' | 'state'>>,
): UniteContext {
  // Not by assignment, which would be up to the getters of the base.
  return (
    (base as Derivable)[deriveKey]?.(changes) ??
    ({ __proto__: base, ...changes } as Partial<UniteContext> as UniteContext)
  );
}
