import { describeValue } from '@unite/shared';
import { currentContext } from '../context/current-context';
import { ContextError } from '../request/context-error';
import type { RouteHandler } from '../route-types';
import type { UniteContext } from '../types';

/** Also read by wrappers that would ask whose request it is: it fails, and this is why. */
const failureKey = Symbol.for('unite.context.failure');
const guardedHandlers = new WeakSet<RouteHandler>();

/**
 * The innermost layer of a route. What withContext finds out too late to answer itself (nobody could be
 * identified, time is up) is thrown from here, so that the layers between trace it, count it and render it.
 *
 * @returns the handler itself where the chain already ends in a guard
 */
export function guardRequest(handler: RouteHandler): RouteHandler {
  if (guardedHandlers.has(handler)) return handler;
  return markGuarded(async (request, args) => {
    const context = currentContext();
    const failure = context?.state.get(failureKey) as { error: unknown } | undefined;
    if (failure) throw failure.error;
    const answer = handler(request, args);
    const response =
      context?.signal && context.deadlineAtMs !== undefined
        ? await untilDeadline(Promise.resolve(answer), context.signal)
        : await answer;
    if (typeof response?.status !== 'number') {
      throw new TypeError(`route: the handler must return a Response, got ${describeValue(response)}`);
    }
    return response;
  });
}

/** Notes that a handler ends in a guard: one that wraps a guarded handler does. */
export function markGuarded(handler: RouteHandler): RouteHandler {
  guardedHandlers.add(handler);
  return handler;
}

/** Lets the guard of this request throw `error` instead of calling the handler. */
export function failInside(context: UniteContext, error: unknown): void {
  context.state.set(failureKey, { error });
}

/** Rejects at the deadline even when the handler pays no heed to its signal. */
function untilDeadline(response: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', rejectAtDeadline, { once: true });
    response.then(resolve, reject).finally(() => signal.removeEventListener('abort', rejectAtDeadline));

    function rejectAtDeadline(): void {
      if (!ContextError.isInstance(signal.reason)) return;
      reject(signal.reason);
      response.then((late) => late.body?.cancel()).catch(() => undefined);
    }
  });
}
