import type { AiCall } from './ai-call';
import { observeStream } from './observe-stream';
import { readField } from './read-field';

/**
 * Follows what a client's method returned until the call is over, and gives back the same thing, as lazy as it was:
 * nothing is sent, read or parsed that the caller does not ask for.
 */
export function observeResult(result: unknown, call: AiCall): unknown {
  if (!isThenable(result)) return observeValue(result, call);
  if (isApiPromise(result)) return observeApiPromise(result, call);
  // `await` does not ask a plain promise for its `then`, so this one alone must be replaced.
  if (isPlainPromise(result)) return result.then((value) => observeValue(value, call), failed(call));
  return observeThenable(result, call);
}

/**
 * The `APIPromise` of both official clients: the request is under way, the body is read by the first who wants it
 * parsed, and promises that it is mapped to read it through the same two fields.
 */
interface ApiPromise extends Thenable {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: unknown[]) => unknown;
  asResponse: () => Promise<unknown>;
}

function isApiPromise(value: Thenable): value is ApiPromise {
  return (
    readField(value, 'responsePromise') instanceof Promise &&
    typeof readField(value, 'parseResponse') === 'function' &&
    typeof readField(value, 'asResponse') === 'function'
  );
}

function observeApiPromise(promise: ApiPromise, call: AiCall): ApiPromise {
  const { parseResponse, asResponse, responsePromise } = promise;
  let isParsed = false;
  // In its place and not beside it: a rejection that nobody handles must still be one.
  promise.responsePromise = responsePromise.then((response) => {
    call.responded();
    return response;
  }, failed(call));
  promise.parseResponse = async (...args) => {
    isParsed = true;
    try {
      return observeValue(await parseResponse.apply(promise, args), call);
    } catch (error) {
      call.fail(error);
      throw error;
    }
  };
  // Who takes the raw response reads the body himself: the call ends with the headers, and its usage stays unknown.
  promise.asResponse = async () => {
    const response = await asResponse.call(promise);
    if (!isParsed) call.end();
    return response;
  };
  call.endWith(promise);
  return promise;
}

interface Thenable {
  then(onFulfilled?: Callback, onRejected?: Callback): unknown;
}

type Callback = ((value: unknown) => unknown) | null | undefined;

function isThenable(value: unknown): value is Thenable {
  return typeof readField(value, 'then') === 'function';
}

function isPlainPromise(value: Thenable): value is Promise<unknown> {
  return value.constructor === Promise;
}

/** May be lazy, so that its `then` sends the request: it is asked only when the caller asks. */
function observeThenable(thenable: Thenable, call: AiCall): Thenable {
  const { then } = thenable;
  const fail = failed(call);
  // biome-ignore lint/suspicious/noThenProperty: it has one already
  thenable.then = (onFulfilled, onRejected) =>
    then.call(
      thenable,
      (value) => {
        const seen = observeValue(value, call);
        return onFulfilled ? onFulfilled(seen) : seen;
      },
      (error) => {
        if (!onRejected) return fail(error);
        call.fail(error);
        return onRejected(error);
      },
    );
  call.endWith(thenable);
  return thenable;
}

function observeValue(value: unknown, call: AiCall): unknown {
  if (!observeStream(value, call)) call.answer(value);
  return value;
}

function failed(call: AiCall): (error: unknown) => never {
  return (error) => {
    call.fail(error);
    throw error;
  };
}
