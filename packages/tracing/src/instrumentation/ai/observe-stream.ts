import type { AiCall } from './ai-call';
import { readField } from './read-field';

/**
 * Follows a stream to its end, in place, so that it stays the object that the client made: the first iteration tells
 * the call of each event, and ends it when the stream ends, fails or is broken off. An abort ends the call as well,
 * read or not; a stream that is dropped unread ends it when it is collected.
 *
 * @returns whether it was a stream
 */
export function observeStream(stream: unknown, call: AiCall): boolean {
  if (!isIterable(stream)) return false;
  const signal = signalOf(stream);
  // Of the official clients, whose `tee` reads it as well; other streams have only the method of the language.
  const key = typeof stream.iterator === 'function' ? 'iterator' : Symbol.asyncIterator;
  const open = stream[key] as () => AsyncIterator<unknown>;
  let isObserved = false;
  const observed = function (this: unknown): AsyncIterator<unknown> {
    const source = open.call(stream);
    if (isObserved) return source;
    isObserved = true;
    return observeIterator(source, call, signal);
  };
  if (!Reflect.set(stream, key, observed)) return false;

  call.endWith(stream);
  // The clients abort in the same turn in which they fail or are broken off: those have the first word.
  const aborted = (): unknown => setTimeout(() => call.end('abort'), 0);
  if (signal?.aborted) aborted();
  else signal?.addEventListener('abort', aborted, { once: true });
  return true;
}

interface Iterable {
  iterator?: unknown;
  [Symbol.asyncIterator]: unknown;
}

function isIterable(value: unknown): value is Iterable {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function signalOf(stream: unknown): AbortSignal | undefined {
  const signal = readField(readField(stream, 'controller'), 'signal');
  return signal instanceof AbortSignal ? signal : undefined;
}

function observeIterator(
  source: AsyncIterator<unknown>,
  call: AiCall,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<unknown> {
  return {
    async next() {
      try {
        const result = await source.next();
        // The clients end a stream quietly when it is aborted.
        if (result.done) call.end(signal?.aborted ? 'abort' : undefined);
        else call.chunk(result.value);
        return result;
      } catch (error) {
        call.fail(error);
        throw error;
      }
    },
    async return(value) {
      call.end('break');
      return source.return ? source.return(value) : { done: true, value };
    },
    async throw(error) {
      call.end('break');
      if (source.throw) return source.throw(error);
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
