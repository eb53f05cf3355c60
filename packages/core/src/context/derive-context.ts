import type { UniteContext } from '../types';

/**
 * The same request with more known about it. `state` is shared with the base.
 *
 * The base is the prototype: what it learns late (Express knows the route only after matching) is seen
 * through every record derived from it.
 *
 * @example
 * runWithContext(deriveContext(context, { traceId: span.traceId }), next);
 */
export function deriveContext(
  base: UniteContext,
  changes: Partial<Omit<UniteContext, 'requestId' | 'state'>>,
): UniteContext {
  // Not by assignment, which would be up to the getters of the base.
  return { __proto__: base, ...changes } as Partial<UniteContext> as UniteContext;
}
