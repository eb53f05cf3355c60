import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import fc from 'fast-check';
import { ReplayPosition } from '../../src/node/replay-position';
import { deferred } from '../deferred';

const at = (lsn: bigint, timeline = 1) => ({ timeline, lsn });
const never = () => new Promise<never>(() => undefined);

/** A replica that is looked at: each look is answered with where it is then. */
function replica(clock = manualClock()) {
  const here = { lsn: 0n, timeline: 1, looks: 0, error: undefined as Error | undefined };
  const replay: ReplayPosition = new ReplayPosition(clock, async () => {
    here.looks += 1;
    if (here.error) throw here.error;
    replay.learn({ lsn: here.lsn, timeline: here.timeline }, 'then');
  });
  return { clock, here, replay };
}

describe('what is known', () => {
  it('is nothing at first, and nothing of a server that went away', () => {
    const { replay } = replica();
    expect(replay.has(at(0n))).toBe(false);
    replay.learn(at(10n), 'then');
    expect([replay.has(at(10n)), replay.has(at(11n)), replay.has(at(1n, 2))]).toEqual([true, false, false]);
    replay.forget();
    expect(replay.has(at(0n))).toBe(false);
  });

  it('does not go back with an answer that was overtaken', () => {
    const { replay } = replica();
    replay.learn(at(10n), 'then');
    replay.learn(at(5n), 'then');
    expect(replay.has(at(10n))).toBe(true);
  });

  it('goes back with a restart, and to another timeline', () => {
    const { replay } = replica();
    replay.learn(at(10n), 'then');
    replay.learn(at(5n), 'later');
    expect([replay.has(at(5n)), replay.has(at(6n))]).toEqual([true, false]);
    replay.learn(at(3n, 2), 'later');
    expect([replay.has(at(5n)), replay.has(at(3n, 2)), replay.has(at(4n, 2))]).toEqual([false, true, false]);
  });

  it('is never more than an answer since the last start covered', () => {
    const answer = fc.record({
      what: fc.constantFrom('learn', 'forget'),
      timeline: fc.integer({ min: 1, max: 2 }),
      lsn: fc.bigInt(0n, 9n),
      startedAt: fc.constantFrom('one', 'two'),
    });
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        const replay = new ReplayPosition(manualClock(), never);
        let covered: { timeline: number; lsn: bigint; startedAt: string }[] = [];
        for (const { what, timeline, lsn, startedAt } of answers) {
          if (what === 'forget') {
            replay.forget();
            covered = [];
          } else {
            replay.learn({ timeline, lsn }, startedAt);
            covered = [...covered.filter((one) => one.startedAt === startedAt), { timeline, lsn, startedAt }];
          }
          for (const asked of [1, 2])
            for (let wanted = 0n; wanted < 10n; wanted++) {
              const isCovered = covered.some((one) => one.timeline === asked && one.lsn >= wanted);
              if (replay.has(at(wanted, asked))) expect(isCovered).toBe(true);
            }
          if (what === 'learn') expect(replay.has({ timeline, lsn })).toBe(true);
        }
      }),
    );
  });
});

describe('asking for a position', () => {
  it('needs no look at what was reached', () => {
    const { here, replay } = replica();
    replay.learn(at(10n), 'then');
    const answers: boolean[] = [];
    replay.ask(at(9n), (hasReached) => answers.push(hasReached));
    expect([answers, here.looks]).toEqual([[true], 0]);
  });

  it('looks at once, then after 1, 2, 4, 8 and 10 ms, for all who ask together', async () => {
    const { clock, here, replay } = replica();
    const looks: number[] = [];
    const answers: string[] = [];
    const startMs = clock.monotonicMs();
    replay.ask(at(5n), (hasReached) => answers.push(`5 ${hasReached}`));
    replay.ask(at(7n), (hasReached) => answers.push(`7 ${hasReached}`));
    for (let ms = 0; ms <= 36; ms++) {
      while (looks.length < here.looks) looks.push(clock.monotonicMs() - startMs);
      await clock.advance(1);
    }
    expect(looks.map((ms) => Math.round(ms))).toEqual([0, 1, 3, 7, 15, 25, 35]);
    here.lsn = 6n;
    await clock.advance(10);
    expect(answers).toEqual(['5 true']);
    here.lsn = 7n;
    await clock.advance(10);
    expect(answers).toEqual(['5 true', '7 true']);
    expect(clock.sleepers()).toBe(0);
  });

  it('stops looking when nobody asks any more, and begins anew for the next', async () => {
    const { clock, here, replay } = replica();
    const answers: boolean[] = [];
    const stop = replay.ask(at(5n), (hasReached) => answers.push(hasReached));
    await settle();
    stop();
    await clock.advance(100);
    const { looks } = here;
    await clock.advance(100);
    expect(here.looks).toBe(looks);
    expect(clock.sleepers()).toBe(0);
    here.lsn = 5n;
    replay.ask(at(5n), (hasReached) => answers.push(hasReached));
    await settle();
    expect(answers).toEqual([true]);
  });

  it('ends at once on a replica that is gone', async () => {
    const { clock, here, replay } = replica();
    here.error = new Error('gone');
    const answers: boolean[] = [];
    replay.ask(at(5n), (hasReached) => answers.push(hasReached));
    await settle();
    expect(answers).toEqual([false]);
    await clock.advance(100);
    expect(clock.sleepers()).toBe(0);
  });

  it('does not count on an answer that came in another way and is about a timeline that ended', async () => {
    const answer = deferred<void>();
    const replay = new ReplayPosition(manualClock(), () => answer.promise);
    const answers: boolean[] = [];
    replay.ask(at(5n), (hasReached) => answers.push(hasReached));
    replay.learn(at(9n, 2), 'then');
    await settle();
    expect(answers).toEqual([]);
    replay.learn(at(5n), 'then');
    expect(answers).toEqual([true]);
  });
});
