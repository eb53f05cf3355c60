import type { UniteContext } from '@unite/core';
import { globalSlot } from '@unite/shared';
import { errorChain } from './error-chain';

/** Id of the error of a request that was captured last; read by other copies of this module, too. */
const lastKey = Symbol.for('unite.apm.event.1');

/** Ids of what was thrown in a request and is no object. */
const primitivesKey = Symbol.for('unite.apm.primitives.1');

/** More kinds of thrown texts than these in one request are captured again and again. */
const maxPrimitives = 20;

interface Captured {
  /** `undefined` where the day's budget was spent. */
  readonly id: string | undefined;
  /** `state` of the request. */
  readonly request: object | undefined;
  /** Whether it was captured itself, and not as a part of another. */
  readonly isWhole: boolean;
}

/**
 * What was captured, so that one failure is one event: an object is captured once in its life; what wraps it, or was
 * wrapped by it, once for a request; what is no object, such as a text, once for a request.
 */
export const capturedErrors = {
  /** What became of it the first time. */
  find(thrown: unknown, context: UniteContext | undefined): Pick<Captured, 'id'> | undefined {
    return isObject(thrown) ? findObject(thrown, context?.state) : findPrimitive(thrown, context);
  },

  add(thrown: unknown, context: UniteContext | undefined, id: string | undefined): void {
    if (!isObject(thrown)) addPrimitive(thrown, context, id);
    const request = context?.state;
    for (const { thrown: link } of errorChain(thrown)) {
      const isWhole = link === thrown;
      if (isObject(link) && (isWhole || !known().has(link))) known().set(link, { id, request, isWhole });
    }
  },

  /** Keeps the id of the last one for the request. */
  setLast(context: UniteContext | undefined, id: string | undefined): void {
    context?.state.set(lastKey, id);
  },

  last(context: UniteContext | undefined): string | undefined {
    const id = context?.state.get(lastKey);
    return typeof id === 'string' ? id : undefined;
  },
};

function findObject(thrown: object, request: object | undefined): Captured | undefined {
  const itself = known().get(thrown);
  if (itself && (itself.isWhole || itself.request === request)) return itself;
  if (!request) return undefined;
  for (const { thrown: link } of errorChain(thrown)) {
    const captured = isObject(link) ? known().get(link) : undefined;
    if (captured?.request === request) return captured;
  }
  return undefined;
}

function findPrimitive(thrown: unknown, context: UniteContext | undefined): Pick<Captured, 'id'> | undefined {
  const ids = primitivesOf(context);
  return ids?.has(thrown) ? { id: ids.get(thrown) } : undefined;
}

function addPrimitive(thrown: unknown, context: UniteContext | undefined, id: string | undefined): void {
  const ids = primitivesOf(context) ?? new Map<unknown, string | undefined>();
  if (ids.size < maxPrimitives) ids.set(thrown, id);
  context?.state.set(primitivesKey, ids);
}

function primitivesOf(context: UniteContext | undefined): Map<unknown, string | undefined> | undefined {
  return context?.state.get(primitivesKey) as Map<unknown, string | undefined> | undefined;
}

function known(): WeakMap<object, Captured> {
  return globalSlot(Symbol.for('unite.apm.captured.1'), () => new WeakMap<object, Captured>());
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
