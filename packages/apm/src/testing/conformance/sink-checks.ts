import type { Sink } from '../../sink-types';
import { host, send, sendOdd } from './sample-traffic';
import type { CheckedSink, SinkCheck } from './types';

/** What a slow machine adds to a deadline, in milliseconds. */
const graceMs = 2_000;
const manyTimes = 2_500;

/**
 * Everything that a sink has to do, for a test runner that is to show each by its name.
 *
 * @example
 * test.each(sinkChecks)('$name: $summary', (check) => check.run(() => ({ sink: mySink({ url }) })));
 */
export const sinkChecks: readonly SinkCheck[] = Object.freeze([
  check('name', 'It has a name of one word.', async ({ sink }) => {
    demand(typeof sink.name === 'string' && /^\S+$/.test(sink.name), `its name is ${String(sink.name)}`);
  }),
  check('returns-at-once', 'No method waits or answers, and many calls are quick.', async ({ sink }) => {
    const startMs = performance.now();
    demandNothing(send(sink, manyTimes));
    const tookMs = performance.now() - startMs;
    demand(tookMs < 5_000, `${4 * manyTimes} calls took ${Math.round(tookMs)} ms`);
  }),
  check('odd-texts', 'It takes any text, and keeps its account.', async ({ sink }) => {
    demandNothing(sendOdd(sink));
    demandAccount(sink, 'after odd texts');
    await inTime('flush', () => sink.flush({ timeoutMs: 500 }), 500);
    demandAccount(sink, 'after they were sent');
  }),
  check(
    'account',
    'What was accepted is sent, queued or dropped, at any time of a flood.',
    async ({ sink }) => {
      let before = sink.stats().accepted;
      for (const _ of Array.from({ length: 20 })) {
        send(sink, manyTimes / 10);
        const { accepted } = demandAccount(sink, 'in a flood');
        demand(accepted >= before, `accepted fell from ${before} to ${accepted}`);
        before = accepted;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const takes = sink.error ?? sink.metric ?? sink.feedback ?? sink.deployment;
      demand(!takes || before > 0, 'nothing of a flood was accepted');
    },
  ),
  check('flush', 'It never rejects and ends in its time, also where there is none.', async ({ sink }) => {
    send(sink, 100);
    for (const timeoutMs of [0, 1, 200]) {
      await inTime('flush', () => sink.flush({ timeoutMs }), timeoutMs);
      demandAccount(sink, `after a flush of ${timeoutMs} ms`);
    }
    await Promise.all([1, 2, 3].map(() => inTime('flush', () => sink.flush({ timeoutMs: 200 }), 200)));
  }),
  check(
    'close',
    'It ends in its time, as often as it is called, and nothing is queued then.',
    async ({ sink }) => {
      send(sink, 100);
      const closing = [1, 2].map(() => inTime('close', () => sink.close({ timeoutMs: 500 }), 500));
      await Promise.all(closing);
      await inTime('close', () => sink.close({ timeoutMs: 500 }), 500);
      const { queued } = demandAccount(sink, 'after close');
      demand(queued === 0, `${queued} are queued after close`);
    },
  ),
  check('after-close', 'What comes after close is not kept, and the account holds.', async ({ sink }) => {
    await sink.close({ timeoutMs: 500 });
    demandNothing(send(sink, 10));
    await inTime('flush', () => sink.flush({ timeoutMs: 200 }), 200);
    const { queued } = demandAccount(sink, 'after what came after close');
    demand(queued === 0, `${queued} are queued after close`);
  }),
  check('crash', 'It keeps what it can without waiting, and does not throw.', async ({ sink }) => {
    send(sink, 10);
    demandNothing([sink.crash?.(), sink.crash?.()]);
    demandAccount(sink, 'after a crash');
  }),
  check(
    'outage',
    'A receiver that is away harms nothing and delays nothing.',
    async ({ sink, breakReceiver }) => {
      await breakReceiver?.();
      demandNothing(send(sink, manyTimes));
      demandAccount(sink, 'in an outage');
      await inTime('flush', () => sink.flush({ timeoutMs: 300 }), 300);
      demandNothing(send(sink, 10));
      await inTime('close', () => sink.close({ timeoutMs: 300 }), 300);
      const { queued } = demandAccount(sink, 'after an outage');
      demand(queued === 0, `${queued} are queued after close`);
    },
  ),
]);

function check(name: string, summary: string, play: (checked: CheckedSink) => Promise<void>): SinkCheck {
  return {
    name,
    summary,
    async run(open) {
      const checked = await open();
      try {
        checked.sink.start?.(host);
        await play(checked);
      } finally {
        await checked.sink.close({ timeoutMs: 500 }).catch(() => undefined);
        await checked.dispose?.();
      }
    },
  };
}

/** @throws Error where one of the answers is any */
function demandNothing(answers: readonly unknown[]): void {
  const found = answers.find((answer) => answer !== undefined);
  demand(found === undefined, `a method answered with ${typeof found}, so that somebody may wait for it`);
}

/** @throws Error where the account does not hold */
function demandAccount(sink: Sink, when: string): ReturnType<Sink['stats']> {
  const stats = sink.stats();
  const { accepted, sent, queued, dropped } = stats;
  const all = [accepted, sent, queued, ...Object.values(dropped)];
  demand(
    all.every((count) => Number.isSafeInteger(count) && count >= 0),
    `${when} a count is none: ${all}`,
  );
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const account = `${accepted} accepted, ${sent} sent, ${queued} queued, ${lost} dropped`;
  demand(accepted === sent + queued + lost, `${when} the account does not hold: ${account}`);
  return stats;
}

/** @throws Error where it rejects or is late */
async function inTime(what: string, call: () => Promise<void>, timeoutMs: number): Promise<void> {
  const startMs = performance.now();
  try {
    await call();
  } catch (error) {
    throw new Error(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  const tookMs = performance.now() - startMs;
  demand(tookMs <= timeoutMs + graceMs, `${what} of ${timeoutMs} ms took ${Math.round(tookMs)} ms`);
}

/** @throws Error that says what is not so */
function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
