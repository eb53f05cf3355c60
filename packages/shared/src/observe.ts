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
  return channel.start.runStores(message, () => startedWork().then(ended, failed));

  function startedWork(): Promise<Result> {
    try {
      return work(message);
    } catch (error) {
      return Promise.reject(error);
    } finally {
      channel.end.publish(message);
    }
  }

  function ended(result: Result): Result {
    channel.asyncStart.publish(message);
    channel.asyncEnd.publish(message);
    return result;
  }

  function failed(error: unknown): never {
    channel.error.publish(Object.assign(message, { error }));
    channel.asyncStart.publish(message);
    channel.asyncEnd.publish(message);
    throw error;
  }
}
