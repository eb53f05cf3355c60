import { describe, expect, it, test } from '@jest/globals';
import type { ErrorEvent, Sink } from '../../src';
import { createEventStore } from '../../src/store';
import { checkSink, sinkChecks } from '../../src/testing';
import { MemorySink } from '../../src/testing/memory-sink';

describe('a sink in memory', () => {
  test.each(sinkChecks)('$name: $summary', (check) => check.run(() => ({ sink: new MemorySink(500) })));
});

describe('the store of events', () => {
  test.each(sinkChecks)('$name: $summary', (check) => check.run(() => ({ sink: createEventStore() })));
});

/** A sink that does what it has to, but for what is given. */
function sinkWith(given: (kept: MemorySink) => Partial<Sink>): Sink {
  const kept = new MemorySink(500);
  const sink: Sink = {
    name: 'wrong',
    error: (event) => kept.error(event),
    stats: () => kept.stats(),
    flush: () => kept.flush(),
    close: () => kept.close(),
  };
  return { ...sink, ...given(kept) };
}

const failing = () => {
  throw new Error('out of order');
};
const never = () => new Promise<void>(() => undefined);

describe('a sink that is wrong fails', () => {
  it.each<[string, string, (kept: MemorySink) => Partial<Sink>]>([
    ['name', 'its name is two words', () => ({ name: 'two words' })],
    ['returns-at-once', 'a method answered with object', () => ({ error: (async () => undefined) as never })],
    ['odd-texts', 'URI malformed', () => ({ error: encoding })],
    ['account', 'the account does not hold', (kept) => ({ stats: () => ({ ...kept.stats(), queued: 1 }) })],
    ['account', 'a count is none', (kept) => ({ stats: () => ({ ...kept.stats(), sent: Number.NaN }) })],
    ['account', 'nothing of a flood was accepted', () => ({ error: () => undefined })],
    ['account', 'accepted fell from', falling],
    ['flush', 'flush failed: out of order', () => ({ flush: async () => failing() })],
    ['flush', 'flush failed: no error', () => ({ flush: () => Promise.reject('no error') })],
    ['close', 'close failed: out of order', onceOnly],
    ['after-close', 'are queued after close', queueing],
    ['crash', 'out of order', () => ({ crash: failing })],
  ])('%s: %s', async (name, seen, given) => {
    const report = await checkSink(() => ({ sink: sinkWith(given) }));
    const failed = report.results.find((result) => result.name === name);
    expect(failed).toMatchObject({ holds: false, seen: expect.stringContaining(seen) });
    expect(report.failures.join('\n')).toContain(`${name}: `);
  });

  it('outage: where it waits longer than it may', async () => {
    let isBroken = false;
    const report = await checkSink(
      () => {
        isBroken = false;
        return {
          sink: sinkWith((kept) => ({ flush: () => (isBroken ? never() : kept.flush()) })),
          breakReceiver: () => {
            isBroken = true;
          },
        };
      },
      { timeoutMs: 500 },
    );
    expect(report.failures).toEqual([expect.stringMatching(/^outage: .+ did not end within 500 ms$/)]);
  });

  it('what opens it, too', async () => {
    const { failures } = await checkSink(failing);
    expect(failures).toHaveLength(sinkChecks.length);
  });

  it('what throws no error, too', async () => {
    const { failures } = await checkSink(() => Promise.reject('nothing'));
    expect(failures[0]).toMatch(/But nothing$/);
  });
});

it('a sink is closed, and its receiver let go, whatever came', async () => {
  const log: string[] = [];
  const sink = sinkWith(() => ({
    name: 'two words',
    close: async () => {
      log.push('closed');
      failing();
    },
  }));
  const [name] = sinkChecks;
  await expect(name?.run(() => ({ sink, dispose: () => void log.push('gone') }))).rejects.toThrow(
    'two words',
  );
  expect(log).toEqual(['closed', 'gone']);
});

function falling(kept: MemorySink): Partial<Sink> {
  let looks = 0;
  return {
    stats: () => {
      looks += 1;
      return looks % 2 ? kept.stats() : { accepted: 0, sent: 0, queued: 0, dropped: {} };
    },
  };
}

function onceOnly(): Partial<Sink> {
  let closes = 0;
  return {
    close: async () => {
      closes += 1;
      if (closes > 1) failing();
    },
  };
}

function queueing(kept: MemorySink): Partial<Sink> {
  return {
    stats: () => {
      const { accepted, dropped } = kept.stats();
      const lost = dropped['queue-full'] ?? 0;
      return { accepted, sent: 0, queued: accepted - lost, dropped };
    },
  };
}

function encoding({ exceptions }: ErrorEvent): void {
  encodeURIComponent(exceptions[0].message);
}
