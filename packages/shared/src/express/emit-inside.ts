import type { EventEmitter } from 'node:events';

/**
 * Runs every listener of `emitter` by `run`: the parser emits a request's events outside of the request's context.
 * Wrapping the one `emit` costs a fraction of wrapping each listener, as `context.bind` does. Most events have none.
 */
export function emitInside(emitter: EventEmitter, run: <Result>(work: () => Result) => Result): void {
  const { emit } = emitter;
  emitter.emit = (...event) =>
    emitter.listenerCount(event[0]) === 0
      ? emit.apply(emitter, event)
      : run(() => emit.apply(emitter, event));
}
