import type { TracingChannel } from 'node:diagnostics_channel';

/**
 * Runs `work` between the events of a tracing channel. `tracePromise` would put the result on the
 * message; values never belong there, so `start.runStores` is called by hand.
 *
 * The caller checks `channel?.hasSubscribers` first and builds the message only then, which keeps an
 * unsubscribed call at about a nanosecond.
 *
 * @param message low-cardinality names only: no values, no secrets; a failure is added as `error`
 */
export function observe<Message extends object, Result>(
  channel: TracingChannel<object, object>,
  message: Message,
  work: (message: Message) => Promise<Result>,
): Promise<Result> {
  return channel.start.runStores(message, async () => {
    try {
      return await startedWork();
    } catch (error) {
      channel.error.publish(Object.assign(message, { error }));
      throw error;
    } finally {
      channel.asyncStart.publish(message);
      channel.asyncEnd.publish(message);
    }
  });

  function startedWork(): Promise<Result> {
    try {
      return work(message);
    } finally {
      channel.end.publish(message);
    }
  }
}
