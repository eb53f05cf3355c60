import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { CheckResult } from '../../src';
import { postgresCheck } from '../../src/checks';
import { withWriteGrace } from '../../src/checks/write-grace';

const now = jest.spyOn(performance, 'now');
afterEach(() => {
  now.mockReset();
});

describe('a primary that is missing', () => {
  it('is degraded for the grace, then down, and has the whole grace again after it was back', async () => {
    let result: CheckResult = { groups: { ready: 'up', write: 'up' } };
    let atMs = 0;
    now.mockImplementation(() => atMs);
    const look = withWriteGrace(async () => result, 'write', 5_000);
    const writeAt = async (ms: number) => {
      atMs = ms;
      return (await look(AbortSignal.timeout(1_000), 100)).groups;
    };
    expect(await writeAt(0)).toEqual({ ready: 'up', write: 'up' });
    result = { groups: { ready: 'up', write: 'down' }, detail: 'no primary' };
    expect(await writeAt(1_000)).toEqual({ ready: 'up', write: 'degraded' });
    expect(await writeAt(5_999)).toEqual({ ready: 'up', write: 'degraded' });
    expect(await writeAt(6_000)).toEqual({ ready: 'up', write: 'down' });
    result = { groups: { ready: 'up', write: 'up' } };
    expect(await writeAt(7_000)).toEqual({ ready: 'up', write: 'up' });
    result = { groups: { ready: 'up', write: 'down' } };
    expect(await writeAt(8_000)).toEqual({ ready: 'up', write: 'degraded' });
  });

  it('has the whole grace again where nobody looked for as long, once', async () => {
    let atMs = 0;
    now.mockImplementation(() => atMs);
    const look = withWriteGrace(async () => ({ groups: { write: 'down' } }), 'write', 5_000);
    const writeAt = async (ms: number) => {
      atMs = ms;
      return (await look(AbortSignal.timeout(1_000), 100)).groups?.write;
    };
    expect(await writeAt(1_000)).toBe('degraded');
    // It may have been back in between.
    expect(await writeAt(20_000)).toBe('degraded');
    expect(await writeAt(24_999)).toBe('degraded');
    expect(await writeAt(25_000)).toBe('down');
    // Who looks once in a while only is told as well.
    expect(await writeAt(60_000)).toBe('down');
  });

  it('is down for who looks rarely at the third look', async () => {
    let atMs = 100_000;
    now.mockImplementation(() => atMs);
    const look = withWriteGrace(async () => ({ groups: { write: 'down' } }), 'write', 5_000);
    const told: unknown[] = [];
    for (; atMs <= 190_000; atMs += 30_000)
      told.push((await look(AbortSignal.timeout(1_000), 100)).groups?.write);
    expect(told).toEqual(['degraded', 'degraded', 'down', 'down']);
  });

  it('is down at once where nothing else is said', async () => {
    const pool = { query: async () => ({ rows: [{ in_recovery: true }] }) };
    const signal = new AbortController().signal;
    expect(await postgresCheck(pool).run(signal)).toMatchObject({ groups: { ready: 'up', write: 'down' } });
    expect(await postgresCheck(pool, { writeGraceMs: 1_000 }).run(signal)).toMatchObject({
      groups: { ready: 'up', write: 'degraded' },
    });
  });

  it('with a grace that is none is refused', () => {
    const pool = { query: async () => ({ rows: [] }) };
    expect(() => postgresCheck(pool, { writeGraceMs: -1 })).toThrow(
      'postgresCheck: option "writeGraceMs" must be a number, zero or more, got -1',
    );
  });
});
