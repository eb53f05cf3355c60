import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { manualClock, settle } from '@unite/shared/testing';
import { OpsError } from '../../src/errors';
import { runVerifiers } from '../../src/verify/run-verifiers';
import type { VerifierReport } from '../../src/verify/verify-types';

const finding: Finding = { subject: 'database', status: 'passed', detail: 'came back' };

function verifier(name: string, run: (run: VerifyRun) => unknown, timeoutMs?: number): Verifier {
  return { name, about: `proves ${name}`, timeoutMs, run: run as Verifier['run'] };
}

/** What a verifier that does this is reported as. */
async function reportOf(run: (run: VerifyRun) => unknown): Promise<VerifierReport> {
  const { verifiers } = await runVerifiers([verifier('one', run)]);
  const [report] = verifiers;
  if (!report) throw new Error('nothing was reported');
  return report;
}

describe('a run', () => {
  test('is one after the other in the order of the list, each with a nonce of its own', async () => {
    const seen: string[] = [];
    const nonces: string[] = [];
    const of = (name: string) =>
      verifier(name, async ({ nonce, note }) => {
        seen.push(`${name} begins`);
        nonces.push(nonce);
        note(`waits for ${name}`);
        await settle();
        seen.push(`${name} ends`);
        return [finding];
      });
    const report = await runVerifiers([of('a'), of('b')], {
      onBegin: ({ name }) => seen.push(`on begin ${name}`),
      onNote: (text, { name }) => seen.push(`on note ${name}: ${text}`),
      onResult: ({ name }) => seen.push(`on result ${name}`),
    });
    expect(seen).toEqual(
      ['a', 'b'].flatMap((name) => [
        `on begin ${name}`,
        `${name} begins`,
        `on note ${name}: waits for ${name}`,
        `${name} ends`,
        `on result ${name}`,
      ]),
    );
    expect(nonces[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(nonces).size).toBe(2);
    expect(report).toMatchObject({ passed: true, interrupted: false, counts: { passed: 2, failed: 0 } });
  });

  test('counts what was found, and only a failure fails it', async () => {
    const all = (['passed', 'warned', 'skipped'] as const).map((status) => ({ ...finding, status }));
    const fine = await runVerifiers([verifier('one', async () => all)]);
    expect(fine).toMatchObject({ passed: true, counts: { passed: 1, warned: 1, failed: 0, skipped: 1 } });
    const bad = await runVerifiers([verifier('one', async () => [...all, { ...finding, status: 'failed' }])]);
    expect(bad).toMatchObject({ passed: false, counts: { passed: 1, warned: 1, failed: 1, skipped: 1 } });
  });

  test('is of those that were named', async () => {
    const all = ['a', 'b', 'c'].map((name) => verifier(name, async () => [finding]));
    const { verifiers } = await runVerifiers(all, { names: ['c', 'a', 'c'] });
    expect(verifiers.map(({ name }) => name)).toEqual(['a', 'c']);
    await expect(runVerifiers(all, { names: ['d', 'a', ' e'] })).rejects.toThrow(
      new TypeError('no verifier is called "d" or " e"; known are a, b, c'),
    );
    await expect(runVerifiers([], { names: ['d'] })).rejects.toThrow('known are none');
  });

  test('refuses options that are none', async () => {
    await expect(runVerifiers([], { timeoutMs: 0 })).rejects.toThrow(
      'runVerifiers: option "timeoutMs" must be a number of milliseconds above 0, at most 2,147,483,647, got 0',
    );
    await expect(runVerifiers([], { names: 'a' as never })).rejects.toThrow('a list of names');
  });
});

describe('a verifier that throws', () => {
  test.each<[unknown, string, string | undefined]>([
    [new Error('no answer'), 'no answer', undefined],
    [Object.assign(new Error('no answer'), { code: 'ECONNRESET' }), 'no answer (ECONNRESET)', 'ECONNRESET'],
    [new OpsError('UNITE_OPS_DRAINING', 'it ends'), 'it ends (UNITE_OPS_DRAINING)', 'UNITE_OPS_DRAINING'],
    ['just text', 'just text', undefined],
    [undefined, 'undefined was thrown', undefined],
    [
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED ::1:5'), { code: 'ECONNREFUSED' }),
      }),
      'fetch failed: connect ECONNREFUSED ::1:5',
      'ECONNREFUSED',
    ],
  ])('in one way or another: %#', async (thrown, detail, code) => {
    const failed = { subject: 'one', status: 'failed', detail };
    const atOnce = await reportOf(() => {
      throw thrown;
    });
    expect(atOnce).toMatchObject({ findings: [failed] });
    expect(atOnce.code).toBe(code);
    expect(await reportOf(async () => Promise.reject(thrown))).toMatchObject({ findings: [failed] });
  });

  test('does not keep the next from running', async () => {
    const report = await runVerifiers([
      verifier('bad', () => Promise.reject(new Error('no'))),
      verifier('good', async () => [finding]),
    ]);
    expect(report).toMatchObject({ passed: false, counts: { passed: 1, failed: 1 } });
  });
});

describe('a verifier that answers nonsense', () => {
  test.each<[unknown, string, string]>([
    ['fine', 'one', 'answered "fine" instead of a list of findings'],
    [undefined, 'one', 'answered undefined instead of a list of findings'],
    [[], 'one', 'proved nothing: its list of findings is empty'],
    [new Array(1), 'one', 'finding 1 of one is without a subject, got undefined'],
    [[null], 'one', 'finding 1 of one is without a subject, got undefined'],
    [[{ ...finding, subject: '' }], 'one', 'finding 1 of one is without a subject, got ""'],
    [[{ ...finding, status: 'ok' }], 'database', 'finding 1 of one is without a known status, got "ok"'],
    [[{ ...finding, detail: 5 }], 'database', 'finding 1 of one is without a detail, got 5'],
    [
      [{ ...finding, remedy: {} }],
      'database',
      'finding 1 of one is without a remedy that is text, got an object',
    ],
    [
      [{ ...finding, measured: { a: {} } }],
      'database',
      'finding 1 of one is without measured numbers, texts or booleans, got an object',
    ],
    [
      [{ ...finding, measured: [1] }],
      'database',
      'finding 1 of one is without measured numbers, texts or booleans, got an array',
    ],
  ])('%j', async (answer, subject, detail) => {
    expect((await reportOf(() => answer)).findings).toEqual([
      { subject, status: 'failed', detail, remedy: expect.any(String) },
    ]);
  });

  test('keeps what is none of it', async () => {
    const whole = { ...finding, remedy: 'look', measured: { afterMs: 5, by: 'us', ok: true } };
    const { findings } = await reportOf(async () => [{ ...whole, secret: 'x' }, 5]);
    expect(findings).toEqual([
      whole,
      {
        subject: 'one',
        status: 'failed',
        detail: expect.stringContaining('finding 2'),
        remedy: expect.any(String),
      },
    ]);
  });
});

describe('a verifier that takes too long', () => {
  test('fails, is told so, and the next one runs', async () => {
    const clock = manualClock();
    let told: AbortSignal | undefined;
    const hangs = verifier('hangs', ({ signal, note }) => {
      told = signal;
      note('the span');
      return new Promise(() => {});
    });
    const running = runVerifiers([hangs, verifier('good', async () => [finding])], { clock });
    await clock.advance(14_999);
    expect(told?.aborted).toBe(false);
    await clock.advance(1);
    expect(told?.reason).toMatchObject({
      code: 'UNITE_OPS_VERIFY_TIMEOUT',
      message: 'did not end within 15,000 ms',
    });
    await clock.advance(1_000);
    expect(await running).toMatchObject({
      passed: false,
      counts: { passed: 1, failed: 1 },
      verifiers: [
        {
          code: 'UNITE_OPS_VERIFY_TIMEOUT',
          durationMs: 16_000,
          findings: [
            {
              subject: 'hangs',
              status: 'failed',
              detail: 'did not end within 15,000 ms (UNITE_OPS_VERIFY_TIMEOUT); the last it said: the span',
              remedy: expect.any(String),
            },
          ],
        },
        { name: 'good' },
      ],
    });
    expect(clock.sleepers()).toBe(0);
  });

  test.each([
    ['its own time', 300, undefined, 300],
    ['the time of the run, whatever it says', 300, 100, 100],
  ])('has %s', async (_what, own, ofRun, expectedMs) => {
    const clock = manualClock();
    const running = runVerifiers([verifier('hangs', () => new Promise(() => {}), own)], {
      clock,
      timeoutMs: ofRun,
    });
    await clock.advance(expectedMs + 1_000);
    expect((await running).verifiers[0]?.durationMs).toBe(expectedMs + 1_000);
  });

  test('may still say what it has, and is not waited for longer', async () => {
    const clock = manualClock();
    const tidy = verifier(
      'tidy',
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve([finding]))),
    );
    const running = runVerifiers([tidy], { clock });
    await clock.advance(15_000);
    expect((await running).verifiers[0]).toMatchObject({
      durationMs: 15_000,
      code: 'UNITE_OPS_VERIFY_TIMEOUT',
      findings: [
        finding,
        { status: 'failed', detail: 'did not end within 15,000 ms (UNITE_OPS_VERIFY_TIMEOUT)' },
      ],
    });
    expect(clock.sleepers()).toBe(0);
  });

  test('is timed out, not broken, when it throws because it was told to end', async () => {
    const clock = manualClock();
    const running = runVerifiers([verifier('obeys', ({ signal }) => clock.sleep(60_000, signal))], { clock });
    await clock.advance(15_000);
    expect((await running).verifiers[0]?.findings).toHaveLength(1);
    expect((await running).verifiers[0]?.code).toBe('UNITE_OPS_VERIFY_TIMEOUT');
  });

  test('is not heard of any more, nor can its rejection end the process', async () => {
    const clock = manualClock();
    const notes: string[] = [];
    let late: (() => void) | undefined;
    const hangs = verifier('hangs', ({ note }) => {
      return new Promise((_resolve, reject) => {
        late = () => {
          note('too late');
          reject(new Error('too late'));
        };
      });
    });
    const running = runVerifiers([hangs], { clock, onNote: (text) => notes.push(text) });
    await clock.advance(16_000);
    const report = await running;
    late?.();
    // An unhandled rejection would fail the test run.
    await sleep(5);
    expect(notes).toEqual([]);
    expect(report.verifiers[0]?.findings).toHaveLength(1);
  });
});

describe('an interrupted run', () => {
  test('reports what it has; the rest is skipped', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    let told: AbortSignal | undefined;
    const running = runVerifiers(
      [
        verifier('done', async () => [finding]),
        verifier('hangs', ({ signal }) => {
          told = signal;
          return new Promise(() => {});
        }),
        verifier('next', async () => [finding]),
      ],
      { clock, signal: controller.signal },
    );
    await clock.advance(10);
    controller.abort(new Error('Ctrl-C'));
    await clock.advance(1_000);
    expect(await running).toMatchObject({
      passed: false,
      interrupted: true,
      counts: { passed: 1, failed: 0, skipped: 2 },
      verifiers: [
        { name: 'done', findings: [finding] },
        { name: 'hangs', findings: [{ status: 'skipped', detail: 'was interrupted' }] },
        {
          name: 'next',
          findings: [{ status: 'skipped', detail: 'had not begun when the run was interrupted' }],
        },
      ],
    });
    expect(told?.reason).toEqual(new Error('Ctrl-C'));
    expect(clock.sleepers()).toBe(0);
  });

  test('takes what a verifier has found by then', async () => {
    const controller = new AbortController();
    const tidy = verifier(
      'tidy',
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve([finding]))),
    );
    const running = runVerifiers([tidy], { signal: controller.signal });
    controller.abort();
    expect((await running).verifiers[0]?.findings).toEqual([finding]);
  });

  test('begins nothing when it was interrupted before', async () => {
    let begun = 0;
    const counting = verifier('one', async () => {
      begun += 1;
      return [finding];
    });
    await runVerifiers([counting], { signal: AbortSignal.abort() });
    expect(begun).toBe(0);
    const controller = new AbortController();
    const clock = manualClock();
    const hangs = verifier('hangs', () => new Promise(() => {}));
    // Interrupted between the decision to begin and the beginning.
    const running = runVerifiers([hangs], {
      clock,
      signal: controller.signal,
      onBegin: () => controller.abort(),
    });
    await clock.advance(1_000);
    const report = await running;
    expect(report.interrupted).toBe(true);
  });
});
