import type { UniteContext } from '../types';

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
  return new DerivedContext(base, changes);
}

type Changes = Parameters<typeof deriveContext>[1];

// By symbols: they are no fields of a context, and are read through any object that has a record for its prototype.
const baseKey = Symbol('base');
const changesKey = Symbol('changes');

/**
 * A copy, whatever fields the base has, but for those that are known late. The base for a prototype would be the shorter
 * way: the engine gives each prototype a shape of its own, which makes every later read of any context a slow one.
 */
class DerivedContext {
  declare readonly requestId: string;
  declare readonly state: Map<symbol, unknown>;
  readonly [baseKey]: UniteContext;
  readonly [changesKey]: Changes;

  constructor(base: UniteContext, changes: Changes) {
    this[baseKey] = base;
    this[changesKey] = changes;
    copyFields(this, base);
    copyFields(this, changes);
  }

  get route(): string | undefined {
    const changes = this[changesKey];
    return 'route' in changes ? changes.route : this[baseKey].route;
  }

  /** Made when it is first asked for. */
  get signal(): AbortSignal | undefined {
    const changes = this[changesKey];
    return 'signal' in changes ? changes.signal : this[baseKey].signal;
  }
}

function copyFields(to: DerivedContext, from: object): void {
  for (const name in from) {
    if (!(name in DerivedContext.prototype))
      (to as unknown as Record<string, unknown>)[name] = from[name as never];
  }
}
