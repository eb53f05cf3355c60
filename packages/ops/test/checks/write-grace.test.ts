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
