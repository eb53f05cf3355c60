import { deriveKey } from '../context/derive-key';
import type { UniteContext } from '../types';

/**
 * A copy, whatever fields the base has, but for those that are known late. The base for a prototype would be the shorter
 * way, and getters of its own: the engine gives such objects a shape each, which makes every later read of any context a
 * slow one.
 */
export class RequestContext {
  declare readonly requestId: string;
  declare readonly state: Map<symbol, unknown>;
  readonly #base: UniteContext;
  readonly #changes: Partial<UniteContext>;

  constructor(base: UniteContext, changes: Partial<UniteContext>) {
    this.#base = base;
    this.#changes = changes;
    // Not `Reflect.set`, which takes twice as long.
    const fields = this as unknown as Record<string, unknown>;
    for (const from of [base, changes]) {
      for (const name in from) {
        if (name !== 'route' && name !== 'signal') fields[name] = from[name as keyof UniteContext];
      }
    }
  }

  get route(): string | undefined {
    return ('route' in this.#changes ? this.#changes : this.#base).route;
  }

  /** Made when it is first asked for. */
  get signal(): AbortSignal | undefined {
    return ('signal' in this.#changes ? this.#changes : this.#base).signal;
  }

  [deriveKey](changes: Partial<UniteContext>): UniteContext {
    return new RequestContext(this, changes);
  }
}
