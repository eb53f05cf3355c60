import type { WorkSource } from '@unite/ops';
import type { SendSignals } from './send-next';

const pollMs = 2_000;
const maxPollMs = 16_000;

/** What sends campaigns in a process. The lifecycle ends it before it closes what it works with. */
export interface SendWorker extends WorkSource {
  /** Once; it goes on by itself. */
  start(): void;
  /** There is something to do: it need not wait until it looks again. */
  wake(): void;
}

export interface SendWorkerOptions {
  /** Resolves with whether there was a campaign to send. */
  readonly sendNext: (signals: SendSignals) => Promise<boolean>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called for the first failure in a row: an outage makes one error, not one every few seconds. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Sends one campaign after the other, and looks every two seconds whether there is one; ever more rarely, down to every
 * 16, while that fails.
 */
export function createSendWorker({ sendNext, sleep, onFailure }: SendWorkerOptions): SendWorker {
  const draining = new AbortController();
  const cutOff = new AbortController();
  let nap = new AbortController();
  let ended: Promise<void> | undefined;

  async function work() {
    for (let waitMs = pollMs; !draining.signal.aborted; ) {
      // Before it looks: who wakes it meanwhile may have come too late for that.
      nap = new AbortController();
      const { signal } = nap;
      try {
        const hadWork = await sendNext({ draining: draining.signal, cutOff: cutOff.signal });
        waitMs = pollMs;
        if (hadWork) continue;
      } catch (error) {
        if (waitMs === pollMs) onFailure(error);
        waitMs = Math.min(waitMs * 2, maxPollMs);
      }
      await sleep(waitMs, signal).catch(() => {});
    }
  }

  function beginDrain() {
    draining.abort();
    nap.abort();
  }

  return {
    start() {
      ended ??= work();
    },
    wake: () => nap.abort(),
    beginDrain,
    async drain(signal) {
      beginDrain();
      const late = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([ended, late]);
    },
    endStreams: () => 0,
    cutOff() {
      cutOff.abort();
      return { requests: 0, streams: 0 };
    },
  };
}
