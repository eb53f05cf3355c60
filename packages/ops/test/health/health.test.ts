import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, jest } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import {
  type CheckFunction,
  type CheckResult,
  createLifecycle,
  type HealthCheck,
  type OpsHealthMessage,
} from '../../src';

type Checks = Readonly<Record<string, HealthCheck | CheckFunction>>;

async function startWith(checks: Checks) {
  const clock = manualClock();
  const lifecycle = createLifecycle({ checks, clock });
  await lifecycle.start();
  return { clock, lifecycle };
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('a report', () => {
  it('is up without any check', async () => {
    const { lifecycle } = await startWith({});
    expect(await lifecycle.health()).toEqual({
      state: 'ready',
      status: 'up',
      groups: { ready: 'up' },
      checks: {},
    });
  });

  it('is down until onStart is through', async () => {
    const lifecycle = createLifecycle({ checks: { always: () => undefined } });
    expect(await lifecycle.health()).toMatchObject({
      state: 'starting',
      status: 'down',
      groups: { ready: 'down' },
    });
    await lifecycle.start();
    expect(await lifecycle.health()).toMatchObject({ state: 'ready', status: 'up', groups: { ready: 'up' } });
  });

  it('is degraded, and ready, when a check of the group "degraded" fails', async () => {
    const { lifecycle } = await startWith({ redis: { group: 'degraded', run: failing(new Error('gone')) } });
    expect(await lifecycle.health()).toMatchObject({
      status: 'degraded',
      groups: { ready: 'up', degraded: 'down' },
      checks: { redis: { status: 'down', detail: 'failed' } },
    });
  });

  it('keeps ready apart from a group of some routes', async () => {
    const { lifecycle } = await startWith({
      database: () => ({ groups: { ready: 'up', write: 'down' }, detail: 'no primary' }),
    });
    const report = await lifecycle.health();
    expect(report).toMatchObject({ status: 'degraded', groups: { ready: 'up', write: 'down' } });
    expect(report.checks.database).toMatchObject({ status: 'down', detail: 'no primary' });
  });

  it('has no group that is better than ready', async () => {
    const { lifecycle } = await startWith({
      main: failing(new Error('gone')),
      database: () => ({ groups: { write: 'up', degraded: 'up' } }),
    });
    expect((await lifecycle.health()).groups).toEqual({ ready: 'down', write: 'down', degraded: 'up' });
  });

  it('takes the worst of several checks in a group', async () => {
    const { lifecycle } = await startWith({
      one: () => ({ status: 'degraded' }),
      two: () => undefined,
      three: () => ({ status: 'degraded', groups: { write: 'degraded' } }),
    });
    expect(await lifecycle.health()).toMatchObject({
      status: 'degraded',
      groups: { ready: 'degraded', write: 'degraded' },
    });
  });

  it('says what is known without asking', async () => {
    let runs = 0;
    const { clock, lifecycle } = await startWith({
      counted: () => {
        runs += 1;
      },
    });
    expect(lifecycle.healthNow().checks.counted).toEqual({
      status: 'down',
      groups: { ready: 'down' },
      detail: 'not asked yet',
    });
    await lifecycle.health();
    await clock.advance(5_000);
    expect(lifecycle.healthNow().checks.counted).toEqual({
      status: 'up',
      groups: { ready: 'up' },
      ageMs: 5_000,
    });
    expect(runs).toBe(1);
  });
});

describe('a check that fails', () => {
  it.each([
    [
      'an error with a code',
      Object.assign(new Error('connect to 10.0.0.1'), { code: 'ECONNREFUSED' }),
      'failed: ECONNREFUSED',
    ],
    ['an error without', new Error('password "hunter2" refused'), 'failed'],
    ['a code that is no code', Object.assign(new Error(), { code: 'at 10.0.0.1' }), 'failed'],
    ['a text', 'no', 'failed'],
    ['nothing', undefined, 'failed'],
  ])('by throwing %s is down and says nothing secret', async (_, thrown, detail) => {
    const { lifecycle } = await startWith({ database: failing(thrown) });
    expect((await lifecycle.health()).checks.database).toMatchObject({ status: 'down', detail });
  });

  it.each([
    ['true', true],
    ['a text', 'fine'],
    ['an array', []],
    ['an unknown status', { status: 'ok' }],
    ['a number for a status', { status: 1 }],
    ['groups that are none', { groups: 'ready' }],
    ['an unknown status of a group', { groups: { ready: 'yes' } }],
    ['a detail that is an object', { detail: {} }],
    ['a group that has no name', { groups: { 'Write routes': 'up' } }],
    ['what is secret', 'postgres://user:hunter2@db.internal:5432/crm'],
  ])('by answering %s is down, and its answer is not shown', async (_, answer) => {
    const { lifecycle } = await startWith({ liar: (() => answer) as unknown as CheckFunction });
    expect((await lifecycle.health()).checks.liar).toMatchObject({
      status: 'down',
      detail: expect.stringMatching(/^the check (answered|named) .*, which is no result$/),
    });
    expect(JSON.stringify(await lifecycle.health())).not.toContain('hunter2');
  });

  it('cuts off a detail without end', async () => {
    const { lifecycle } = await startWith({ wordy: () => ({ detail: 'x'.repeat(10_000) }) });
    expect((await lifecycle.health()).checks.wordy?.detail).toHaveLength(200);
  });
});

describe('a check that tells of several groups', () => {
  it('fails for all of them when it throws or hangs', async () => {
    let answer: () => CheckResult | Promise<CheckResult> = () => ({ groups: { ready: 'up', write: 'up' } });
    const { clock, lifecycle } = await startWith({ database: { maxAgeMs: 0, run: () => answer() } });
    expect((await lifecycle.health()).groups).toEqual({ ready: 'up', write: 'up' });
    answer = () => Promise.reject(new Error('gone'));
    expect((await lifecycle.health()).groups).toEqual({ ready: 'down', write: 'down' });
    answer = () => ({ groups: {} });
    expect((await lifecycle.health()).groups).toEqual({ ready: 'up', write: 'up' });
    answer = () => new Promise(() => undefined);
    const [report] = await Promise.all([lifecycle.health('write'), clock.advance(800)]);
    expect(report.groups).toEqual({ ready: 'down', write: 'down' });
    expect(lifecycle.missing('write')).toMatchObject({ code: 'UNITE_OPS_GROUP_DOWN' });
  });
});

describe('a check that only degrades', () => {
  it('does not make readiness late when it hangs', async () => {
    const { clock, lifecycle } = await startWith({
      main: () => undefined,
      slow: { group: 'degraded', timeoutMs: 5_000, run: () => new Promise(() => undefined) },
    });
    const asked = lifecycle.health();
    await clock.advance(100);
    expect(await asked).toMatchObject({
      status: 'degraded',
      groups: { ready: 'up', degraded: 'down' },
      checks: { slow: { detail: 'not asked yet' } },
    });
  });
});

describe('a check that hangs', () => {
  it('is down when its time is up, and its signal aborts', async () => {
    let signal: AbortSignal | undefined;
    const { clock, lifecycle } = await startWith({
      frozen: {
        timeoutMs: 500,
        run: (given) => {
          signal = given;
          return new Promise(() => undefined);
        },
      },
      quick: () => undefined,
    });
    const asked = lifecycle.health();
    await clock.advance(499);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect((await asked).checks).toMatchObject({
      frozen: { status: 'down', detail: 'no answer within 500 ms' },
      quick: { status: 'up' },
    });
    expect(signal?.reason).toMatchObject({ code: 'UNITE_OPS_CHECK_TIMEOUT' });
  });

  it('is not run again until ten times its time have passed, and then recovers', async () => {
    let runs = 0;
    const { clock, lifecycle } = await startWith({
      frozen: {
        timeoutMs: 100,
        run: () => {
          runs += 1;
          return runs === 1 ? new Promise(() => undefined) : undefined;
        },
      },
    });
    await Promise.all([lifecycle.health(), clock.advance(100)]);
    await clock.advance(850);
    expect((await lifecycle.health()).checks.frozen).toMatchObject({ status: 'down' });
    expect(runs).toBe(1);
    await clock.advance(50);
    expect((await lifecycle.health()).checks.frozen).toMatchObject({ status: 'up' });
    expect(runs).toBe(2);
  });

  it('is run again soon after it answered late, and the late answer does not count', async () => {
    const answers: (() => void)[] = [];
    const { clock, lifecycle } = await startWith({
      slow: {
        timeoutMs: 100,
        maxAgeMs: 200,
        run: () => new Promise<void>((resolve) => answers.push(resolve)),
      },
    });
    await Promise.all([lifecycle.health(), clock.advance(100)]);
    answers[0]?.();
    await settle();
    expect(lifecycle.healthNow().checks.slow).toMatchObject({ status: 'down' });
    await clock.advance(200);
    const asked = lifecycle.health();
    await settle();
    answers[1]?.();
    expect((await asked).checks.slow).toMatchObject({ status: 'up' });
  });
});

describe('many who ask', () => {
  it('share one run and its answer', async () => {
    let runs = 0;
    const { clock, lifecycle } = await startWith({
      counted: {
        maxAgeMs: 1_000,
        run: async () => {
          runs += 1;
        },
      },
    });
    await Promise.all(Array.from({ length: 100 }, () => lifecycle.health()));
    await clock.advance(999);
    await lifecycle.health();
    expect(runs).toBe(1);
    await clock.advance(1);
    await lifecycle.health();
    expect(runs).toBe(2);
  });

  it('wait for the same new answer once the old one has aged', async () => {
    let status: 'up' | 'down' = 'up';
    const { clock, lifecycle } = await startWith({ counted: async () => ({ status }) });
    await lifecycle.health();
    status = 'down';
    await clock.advance(1_000);
    const reports = await Promise.all([lifecycle.health(), lifecycle.health()]);
    expect(reports.map((report) => report.status)).toEqual(['down', 'down']);
  });
});

describe('missing', () => {
  it('says nothing before anything is known, and goes by the last answer', async () => {
    let status: 'up' | 'down' = 'down';
    const { clock, lifecycle } = await startWith({ database: () => ({ groups: { write: status } }) });
    expect(lifecycle.missing('write')).toBeUndefined();
    await settle();
    expect(lifecycle.missing('write')).toMatchObject({ code: 'UNITE_OPS_GROUP_DOWN', status: 503 });
    expect(lifecycle.missing('ready')).toBeUndefined();
    status = 'up';
    await clock.advance(1_000);
    expect(lifecycle.missing('write')).toBeDefined();
    await settle();
    expect(lifecycle.missing('write')).toBeUndefined();
  });

  it('refuses what needs a group while nothing can be served at all, as its health page does', async () => {
    const { lifecycle } = await startWith({
      main: () => Promise.reject(new Error('gone')),
      database: () => ({ groups: { write: 'up', degraded: 'up' } }),
    });
    expect((await lifecycle.health()).groups.write).toBe('down');
    expect(lifecycle.missing('write')).toBeDefined();
    expect(lifecycle.missing('degraded')).toBeUndefined();
  });

  it('warns of a group that nobody tells of', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { lifecycle } = await startWith({ database: () => ({ groups: { write: 'up' } }) });
    lifecycle.missing('wirte');
    expect(warn).not.toHaveBeenCalled();
    await lifecycle.health();
    expect(lifecycle.missing('wirte')).toBeUndefined();
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/^no health check tells of the group "wirte", .*Correct the name/),
      {
        type: 'UniteWarning',
        code: 'UNITE_OPS_GROUP_UNKNOWN',
      },
    );
    warn.mockRestore();
  });

  it('does not go by an answer from long ago', async () => {
    const { clock, lifecycle } = await startWith({ database: () => ({ groups: { write: 'down' } }) });
    await lifecycle.health();
    await clock.advance(1_799);
    expect(lifecycle.missing('write')).toBeDefined();
    await settle();
    await clock.advance(1_800);
    expect(lifecycle.missing('write')).toBeUndefined();
    await settle();
    expect(lifecycle.missing('write')).toBeDefined();
  });

  it('tells the channel whom it refused', async () => {
    const { lifecycle } = await startWith({ database: () => ({ groups: { write: 'down' } }) });
    await lifecycle.health();
    const messages: unknown[] = [];
    const listen = (message: unknown) => messages.push(message);
    subscribe('unite:ops:shed', listen);
    lifecycle.missing('write');
    unsubscribe('unite:ops:shed', listen);
    expect(messages).toEqual([{ reason: 'group', group: 'write' }]);
  });
});

describe('channels', () => {
  it('tell each run, and each change', async () => {
    const error = new Error('gone');
    let fails = false;
    const { clock, lifecycle } = await startWith({
      database: () => {
        if (fails) throw error;
      },
    });
    const runs: unknown[] = [];
    const changes: unknown[] = [];
    const onEnd = (message: unknown) => runs.push({ ...(message as object) });
    const onChange = (message: unknown) => changes.push(message as OpsHealthMessage);
    tracingChannel('unite:ops:check').asyncEnd.subscribe(onEnd);
    subscribe('unite:ops:health', onChange);
    await lifecycle.health();
    fails = true;
    await clock.advance(1_000);
    await lifecycle.health();
    tracingChannel('unite:ops:check').asyncEnd.unsubscribe(onEnd);
    unsubscribe('unite:ops:health', onChange);
    expect(runs).toEqual([
      { check: 'database', status: 'up' },
      { check: 'database', error },
    ]);
    expect(changes).toEqual([
      { check: 'database', status: 'up', previous: undefined },
      { check: 'database', status: 'down', previous: 'up' },
    ]);
  });
});

const run = () => undefined;

describe('checks that are malformed', () => {
  it.each([
    [{ database: 1 }, 'createLifecycle: check "database": options must be an object, got 1'],
    [{ database: {} }, 'createLifecycle: check "database": option "run" must be a function, got undefined'],
    [
      { database: { run, group: 'Write routes' } },
      'createLifecycle: check "database": option "group" must be lower-case letters, digits and hyphens, and not "live" or "startup", which depend on no check, got "Write routes"',
    ],
    [
      { database: { run, group: 'live' } },
      'createLifecycle: check "database": option "group" must be lower-case letters, digits and hyphens, and not "live" or "startup", which depend on no check, got "live"',
    ],
    [
      { database: { run, timeoutMs: 0 } },
      'createLifecycle: check "database": option "timeoutMs" must be a positive number, got 0',
    ],
    [
      { database: { run, maxAgeMs: -1 } },
      'createLifecycle: check "database": option "maxAgeMs" must be a number, zero or more, got -1',
    ],
    [
      { database: { run, timeout: 1 } },
      'createLifecycle: check "database": unknown option "timeout"; known are run, group, timeoutMs, maxAgeMs',
    ],
  ])('%# are refused', (checks: object, message) => {
    expect(() => createLifecycle({ checks: checks as never })).toThrow(new TypeError(message));
  });
});
