import { openChannel, openTracingChannel } from '@unite/shared';
import type { ChannelMessage } from './channel-types';

/** Takes messages of channels, and may throw. */
export type Listener = (message: ChannelMessage) => unknown;

/** Takes a message with the time of its operation. */
export type TimedListener = (message: ChannelMessage, seconds: number) => void;

/** Listens to a plain channel. @returns ends it */
export function onMessage(name: string, listener: Listener, onFailure: () => void): () => void {
  const channel = openChannel(name);
  const guardedListener = guarded(listener, onFailure);
  channel?.subscribe(guardedListener);
  return () => void channel?.unsubscribe(guardedListener);
}

/** Listens to the ends of operations. @returns ends it */
export function onEnd(name: string, listener: Listener, onFailure: () => void): () => void {
  const channel = openTracingChannel(name);
  const guardedListener = guarded(listener, onFailure);
  channel?.asyncEnd.subscribe(guardedListener);
  return () => void channel?.asyncEnd.unsubscribe(guardedListener);
}

/** Listens to the ends of operations whose start was heard. @returns ends it */
export function onTimedEnd(name: string, listener: TimedListener, onFailure: () => void): () => void {
  const channel = openTracingChannel(name);
  // On the message itself, which is cheaper than a WeakMap.
  const startKey = Symbol('startedAtMs');
  type Timed = { [startKey]?: number };
  const started = guarded((message) => {
    (message as Timed)[startKey] = performance.now();
  }, onFailure);
  const ended = guarded((message) => {
    const startMs = (message as Timed)[startKey];
    if (startMs !== undefined) listener(message, (performance.now() - startMs) / 1_000);
  }, onFailure);
  channel?.start.subscribe(started);
  channel?.asyncEnd.subscribe(ended);
  return () => {
    channel?.start.unsubscribe(started);
    channel?.asyncEnd.unsubscribe(ended);
  };
}

/** A subscriber that throws would be an uncaught exception: this one is counted instead. */
function guarded(listener: Listener, onFailure: () => void): (message: unknown) => void {
  return (message) => {
    try {
      listener(message as ChannelMessage);
    } catch {
      onFailure();
    }
  };
}
