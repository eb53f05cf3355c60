import type { EventEmitter } from 'node:events';

type Listener = (...values: never[]) => void;

/**
 * Hears an event of an emitter for as long as somebody else does: where hearing it changes what happens, as `SIGTERM` and
 * `unhandledRejection` of a process do, only the application may decide that.
 *
 * @returns ends it
 */
export function listenAlong(
  emitter: Pick<EventEmitter, 'on' | 'off' | 'listeners'>,
  event: string,
  listener: Listener,
): () => void {
  const heard = listener as (...values: unknown[]) => void;
  emitter.on('newListener', joinNew);
  emitter.on('removeListener', leaveLast);
  if (emitter.listeners(event).length > 0) emitter.on(event, heard);
  return () => {
    emitter.off('newListener', joinNew);
    emitter.off('removeListener', leaveLast);
    emitter.off(event, heard);
  };

  /** Comes before the listener is added. */
  function joinNew(added: string | symbol, by: unknown): void {
    if (added === event && by !== heard && !isListening()) emitter.on(event, heard);
  }

  /** Comes after the listener was removed. */
  function leaveLast(removed: string | symbol): void {
    if (removed === event && isListening() && emitter.listeners(event).length === 1)
      emitter.off(event, heard);
  }

  function isListening(): boolean {
    return emitter.listeners(event).includes(heard);
  }
}
