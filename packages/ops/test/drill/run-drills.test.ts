import { describe, expect, test } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import { type Drill, type DrillProgress, type DrillRun, runDrills, type ScoreRow } from '../../src/drill';

const kept: ScoreRow = { promise: 'nothing is lost', measured: '0 of 100', outcome: 'kept' };

function drill(
  name: string,
  run: (run: DrillRun) => Promise<unknown> | unknown,
  more: Partial<Drill> = {},
): Drill {
  return {
    name,
    about: `tries ${name}`,
    targets: ['http://127.0.0.1:3000'],
    run: async (given) => void (await run(given)),
    ...more,
  };
}

describe('a run', () => {
  test('runs one drill after the other, and counts what each measured', async () => {
    const clock = manualClock();
    const log: string[] = [];
    const running = runDrills({
      clock,
      drills: [
        drill('kill-replica', async ({ note, score, undo }) => {
          undo(() => log.push('started the replica again'));
          undo(() => log.push('let the requests through'));
          note('killing');
          await clock.sleep(1_500);
          score({ ...kept, figures: { lostCount: 0 } });
        }),
        drill('page-load', ({ score }) => {
          log.push('page load');
          score({ promise: 'page load < 2 s', measured: 'there is no browser', outcome: 'not-measurable' });
        }),
      ],
      onProgress: ({ drill: name, text, isAlarm }) => log.push(`${name}: ${text}${isAlarm ? '!' : ''}`),
    });
    await clock.advance(2_000);
    expect(await running).toEqual({
      passed: true,
      interrupted: false,
      startedAtMs: 1_000_000,
      durationMs: 1_500,
      counts: { kept: 1, missed: 0, notMeasurable: 1 },
      drills: [
        {
          name: 'kill-replica',
          about: 'tries kill-replica',
          durationMs: 1_500,
          rows: [{ ...kept, figures: { lostCount: 0 } }],
        },
        {
          name: 'page-load',
          about: 'tries page-load',
          durationMs: 0,
          rows: [{ promise: 'page load < 2 s', measured: 'there is no browser', outcome: 'not-measurable' }],
        },
      ],
      notBegun: [],
    });
    expect(log).toEqual([
      'kill-replica: tries kill-replica',
      'kill-replica: killing',
      'let the requests through',
      'started the replica again',
      'page-load: tries page-load',
      'page load',
    ]);
  });

  test('takes those that were named, in the order of the list', async () => {
    const drills = ['a', 'b', 'c'].map((name) => drill(name, ({ score }) => score(kept)));
    const card = await runDrills({ drills, only: ['c', 'a'] });
    expect(card.drills.map(({ name }) => name)).toEqual(['a', 'c']);
    await expect(runDrills({ drills, only: ['a', 'd'] })).rejects.toThrow(
      'no drill is called "d"; known are a, b, c',
    );
  });

  test('is misused with options and drills that are none', async () => {
    const good = drill('a', () => {});
    await expect(runDrills({ drills: [] })).rejects.toThrow('"drills" must be a list of 1 to 100');
    await expect(runDrills({ drills: [good, good] })).rejects.toThrow('drills[1] has the name of drills[0]');
    await expect(runDrills({ drills: [drill('a', () => {}, { targets: [] })] })).rejects.toThrow(
      'drills[0].targets must be a list of 1 to 100 URLs: without any, nobody knows what it would break',
    );
    await expect(runDrills({ drills: [drill('two words', () => {})] })).rejects.toThrow(
      'drills[0].name must be',
    );
    await expect(runDrills({ drills: [drill('a', () => {}, { timeoutMs: 0 })] })).rejects.toThrow(
      'timeoutMs',
    );
  });
});

describe('a drill', () => {
  test('that throws has missed, keeps what it measured, and is undone; the others run', async () => {
    let isUndone = false;
    const card = await runDrills({
      drills: [
        drill('a', ({ score, undo }) => {
          undo(() => {
            isUndone = true;
          });
          score(kept);
          throw new Error('the primary is gone');
        }),
        drill('b', ({ score }) => score(kept)),
      ],
    });
    expect(card.drills[0]?.rows).toEqual([
      kept,
      { promise: 'runs to its end', measured: 'the primary is gone', outcome: 'missed' },
    ]);
    expect(card).toMatchObject({ passed: false, counts: { kept: 2, missed: 1 } });
    expect(isUndone).toBe(true);
  });

  test('that scores nothing has missed', async () => {
    const card = await runDrills({ drills: [drill('a', () => {})] });
    expect(card.drills[0]?.rows).toEqual([
      { promise: 'measures something', measured: 'measured nothing', outcome: 'missed' },
    ]);
  });

  test('that scores a promise twice keeps the worst', async () => {
    const outcomes = ['kept', 'missed', 'not-measurable', 'missed', 'kept'] as const;
    const card = await runDrills({
      drills: [
        drill('a', ({ score }) => {
          for (const [at, outcome] of outcomes.entries()) score({ ...kept, measured: `${at}`, outcome });
        }),
      ],
    });
    expect(card.drills[0]?.rows).toEqual([{ ...kept, measured: '1', outcome: 'missed' }]);
  });

  test('that scores what is no row, or too many, is told so', async () => {
    const scores = (row: object) => drill('a', ({ score }) => score(row as ScoreRow));
    const measuredOf = async (one: Drill) =>
      (await runDrills({ drills: [one] })).drills[0]?.rows.at(-1)?.measured;
    expect(await measuredOf(scores({ ...kept, outcome: 'fine' }))).toContain('row.outcome must be "kept"');
    expect(await measuredOf(scores({ ...kept, figures: { rate: NaN } }))).toContain(
      'row.figures.rate must be',
    );
    const counting = drill('a', ({ score }) => {
      for (let at = 0; at < 1_000; at++) score({ ...kept, promise: `${at}` });
    });
    expect(await measuredOf(counting)).toBe('score: a drill may score at most 200 promises');
    const undoesNothing = drill('a', ({ undo }) => undo('x' as never));
    expect(await measuredOf(undoesNothing)).toBe('undo: expects a function');
  });

  test('that hangs is told to end, has missed, and is undone', async () => {
    const clock = manualClock();
    const events: string[] = [];
    const running = runDrills({
      clock,
      drills: [
        drill(
          'a',
          async ({ signal, note, undo }) => {
            undo(() => events.push('undone'));
            note('waiting for the replica');
            await clock.sleep(60_000, signal).catch(() => events.push('told to end'));
          },
          { timeoutMs: 5_000 },
        ),
      ],
    });
    await clock.advance(5_000);
    const card = await running;
    expect(events).toEqual(['told to end', 'undone']);
    expect(card.drills[0]?.rows).toEqual([
      {
        promise: 'runs to its end',
        measured: 'did not end within 5,000 ms; the last it said: waiting for the replica',
        outcome: 'missed',
      },
    ]);
    expect(card.stopped).toBeUndefined();
  });

  test('that goes on although it was told to end stops the run; what it breaks then is undone at once', async () => {
    const clock = manualClock();
    let given: DrillRun | undefined;
    const undone: string[] = [];
    const running = runDrills({
      clock,
      drills: [
        drill('a', (run) => {
          given = run;
          return new Promise(() => {});
        }),
        drill('b', ({ score }) => score(kept)),
      ],
    });
    await clock.advance(120_000);
    await clock.advance(10_000);
    const card = await running;
    expect(card).toMatchObject({
      passed: false,
      stopped: 'a: it goes on although it was told to end',
      notBegun: ['b'],
    });
    given?.score(kept);
    given?.undo(() => undone.push('late'));
    await settle();
    expect(undone).toEqual(['late']);
    expect(card.drills[0]?.rows).toHaveLength(1);
  });
});

describe('undoing', () => {
  test('goes on after a step that fails or hangs, says so loudly, and stops the run', async () => {
    const clock = manualClock();
    const heard: DrillProgress[] = [];
    const steps: string[] = [];
    const running = runDrills({
      clock,
      undoTimeoutMs: 3_000,
      onProgress: (progress) => heard.push(progress),
      drills: [
        drill('a', ({ score, undo }) => {
          undo(() => steps.push('first'));
          undo(() => Promise.reject(new Error('no such process')));
          undo(() => new Promise(() => {}));
          score(kept);
        }),
        drill('b', ({ score }) => score(kept)),
      ],
    });
    await clock.advance(3_000);
    const card = await running;
    expect(steps).toEqual(['first']);
    expect(card).toMatchObject({
      passed: false,
      stopped: 'a: undoing did not end within 3,000 ms',
      notBegun: ['b'],
      drills: [
        {
          rows: [
            kept,
            {
              promise: 'undoes what it broke',
              measured: 'undoing did not end within 3,000 ms; no such process',
              outcome: 'missed',
            },
          ],
        },
      ],
    });
    expect(heard.filter(({ isAlarm }) => isAlarm).map(({ text }) => text)).toEqual([
      'a fault was not undone: undoing did not end within 3,000 ms',
      'a fault was not undone: no such process',
      'NOT UNDONE: undoing did not end within 3,000 ms',
    ]);
  });

  test('happens whatever a listener does', async () => {
    let isUndone = false;
    const card = await runDrills({
      onProgress: () => {
        throw new Error('the terminal is gone');
      },
      drills: [
        drill('a', ({ score, note, undo }) => {
          undo(() => {
            isUndone = true;
          });
          note('x');
          score(kept);
        }),
      ],
    });
    expect([card.passed, isUndone]).toEqual([true, true]);
  });
});

describe('interrupted', () => {
  test('undoes, and reports what was measured', async () => {
    const clock = manualClock();
    const interrupted = new AbortController();
    let isUndone = false;
    const running = runDrills({
      clock,
      signal: interrupted.signal,
      drills: [
        drill('a', async ({ signal, score, undo }) => {
          undo(() => {
            isUndone = true;
          });
          score(kept);
          await clock.sleep(60_000, signal);
        }),
        drill('b', ({ score }) => score(kept)),
      ],
    });
    await settle();
    interrupted.abort(new Error('Ctrl-C'));
    expect(await running).toMatchObject({
      passed: false,
      interrupted: true,
      counts: { kept: 1, missed: 0 },
      drills: [{ name: 'a', rows: [kept] }],
      notBegun: ['b'],
    });
    expect(isUndone).toBe(true);
  });

  test('before it began, nothing is begun', async () => {
    const card = await runDrills({ drills: [drill('a', () => {})], signal: AbortSignal.abort() });
    expect(card).toMatchObject({ passed: false, interrupted: true, drills: [], notBegun: ['a'] });
  });
});

describe('targets', () => {
  const foreign = drill('b', ({ score }) => score(kept), { targets: ['http://db.example/'] });

  test('no drill begins when one of them is refused', async () => {
    let hasBegun = false;
    const first = drill('a', () => {
      hasBegun = true;
    });
    const refused = runDrills({ drills: [first, foreign], lookup: async () => ['203.0.113.7'] });
    await expect(refused).rejects.toThrow('drill "b" is refused: targets[0] (db.example) is 203.0.113.7');
    expect(hasBegun).toBe(false);
  });

  test('a name that means another machine by the time that its drill begins is refused then', async () => {
    const answers = [['127.0.0.1'], ['203.0.113.7']];
    const card = await runDrills({ drills: [foreign], lookup: async () => answers.shift() ?? [] });
    expect(card.drills[0]?.rows[0]).toMatchObject({
      outcome: 'missed',
      measured: expect.stringContaining('(db.example) is 203.0.113.7'),
    });
  });
});
