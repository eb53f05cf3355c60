import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseCounts } from '../../src/deploy';
import { compareReleases } from '../../src/deploy/compare-releases';
import { countsBetween } from '../../src/deploy/counts-between';
import { differenceOfShares } from '../../src/deploy/difference-of-shares';
import type { ProxyServer } from '../../src/deploy/haproxy/proxy-server';
import { readStat } from '../../src/deploy/haproxy/read-stat';
import { meanSince } from '../../src/deploy/mean-since';

const settings = {
  percents: [10],
  stepMs: 0,
  minRequests: 50,
  patienceMs: 0,
  maxErrorRateRise: 0.01,
  maxClientErrorRateRise: 0.1,
  maxSlowdown: 2,
  minSlowdownMs: 50,
};
const counts = (requests: number, failed: number, more: Partial<ReleaseCounts> = {}): ReleaseCounts => ({
  requests,
  failed,
  clientErrors: 0,
  meanMs: 10,
  withinMs: 1,
  ...more,
});

describe('the verdict', () => {
  test.each<[string, ReleaseCounts, ReleaseCounts]>([
    ['as good', counts(60, 0), counts(540, 0)],
    ['as good', counts(60, 1), counts(540, 0)],
    ['as good', counts(60, 4), counts(540, 0)],
    // As bad as before is no reason to go back.
    ['as good', counts(1_000, 500), counts(9_000, 4_500)],
    ['failing', counts(5, 5), counts(45, 0)],
    ['failing', counts(60, 8), counts(540, 0)],
    ['failing', counts(10_000, 300), counts(10_000, 100)],
    ['too few requests', counts(4, 4), counts(36, 0)],
    ['too few requests', counts(49, 0), counts(450, 0)],
    ['too few requests', counts(0, 0, { meanMs: null }), counts(0, 0, { meanMs: null })],
    ['failing', counts(50, 0, { clientErrors: 25 }), counts(450, 0, { clientErrors: 9 })],
    ['as good', counts(50, 0, { clientErrors: 5 }), counts(450, 0)],
    ['slow', counts(60, 0, { meanMs: 200 }), counts(540, 0)],
    // Within the rounding, within 50 ms, and within twice.
    ['as good', counts(60, 0, { meanMs: 80, withinMs: 21 }), counts(540, 0)],
    ['as good', counts(60, 0, { meanMs: 60 }), counts(540, 0)],
    ['as good', counts(60, 0, { meanMs: 390 }), counts(540, 0, { meanMs: 200 })],
    ['as good', counts(60, 0), counts(0, 0, { meanMs: null })],
  ])('%s: %j beside %j', (verdict, canary, running) => {
    expect(compareReleases(canary, running, settings)).toMatchObject({ verdict });
  });
});

test('the interval is the published one', () => {
  // Newcombe 1998, table II (a), method 10, but for 99.9 % instead of 95 %: it holds the difference and is wider.
  const [least, most] = differenceOfShares({ count: 56, of: 70 }, { count: 48, of: 80 });
  expect(least).toBeLessThan(0.0524);
  expect(most).toBeGreaterThan(0.3339);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), (a, more, b, others) => {
      const [low, high] = differenceOfShares({ count: a, of: a + more }, { count: b, of: b + others });
      const difference = (a / (a + more) || 0) - (b / (b + others) || 0);
      expect(low).toBeLessThanOrEqual(difference + 1e-9);
      expect(high).toBeGreaterThanOrEqual(difference - 1e-9);
    }),
  );
});

test('a build as good as the other is not rolled back although it is looked at again and again', () => {
  let rolledBack = 0;
  let seed = 1;
  const fails = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 < 0.01;
  };
  for (let deployment = 0; deployment < 300; deployment += 1) {
    const failed = { canary: 0, running: 0 };
    let isWorse = false;
    for (let request = 1; request <= 500; request += 1) {
      if (fails()) failed.canary += 1;
      for (let other = 0; other < 9; other += 1) if (fails()) failed.running += 1;
      // As often as the proxy is looked at.
      if (request % 10 > 0) continue;
      const { verdict } = compareReleases(
        counts(request, failed.canary),
        counts(request * 9, failed.running),
        settings,
      );
      isWorse ||= verdict === 'failing';
    }
    if (isWorse) rolledBack += 1;
  }
  expect(rolledBack).toBeLessThanOrEqual(3);
});

test('a mean since a look is found in a sliding one, as near as it says', () => {
  expect(meanSince({ meanMs: 5, count: 7 }, { meanMs: 5, count: 7 })).toEqual({ meanMs: null, withinMs: 0 });
  expect(meanSince({ meanMs: 0, count: 0 }, { meanMs: 40, count: 9 })).toEqual({ meanMs: 40, withinMs: 2 });
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.integer({ min: 1, max: 2_000 }),
      fc.nat(1_000),
      fc.nat(1_000),
      (old, more, first, then) => {
        const slide = sliding();
        for (let n = 0; n < old; n += 1) slide.add(first);
        const before = slide.look();
        for (let n = 0; n < more; n += 1) slide.add(then);
        const { meanMs, withinMs } = meanSince(before, slide.look());
        expect(Math.abs((meanMs ?? Number.NaN) - then)).toBeLessThanOrEqual(withinMs + 1e-6);
      },
    ),
  );
});

/** As HAProxy does it, rounded up to whole milliseconds. */
function sliding() {
  let mean = 0;
  let count = 0;
  return {
    add(valueMs: number) {
      count += 1;
      mean += (valueMs - mean) / Math.min(count, 512);
    },
    look: () => ({ meanMs: Math.ceil(mean), count }),
  };
}

test('what was handed over, not answered, and is not under way has failed', () => {
  const before = server({ sent: 100, answered: 100, serverErrors: 7, recentMeanMs: 3 });
  const now = server({ sent: 150, answered: 140, serverErrors: 9, sessions: 4, cutOff: 1, broken: 2 });
  expect(countsBetween(before, now)).toMatchObject({ requests: 46, failed: 9 });
  // Streams are under way after they were answered.
  expect(countsBetween(before, { ...now, sessions: 100 })).toMatchObject({ requests: 42, failed: 5 });
});

function server(more: Partial<ProxyServer>): ProxyServer {
  return { ...(readStat(`# pxname,svname,addr\napp,blue,[::1]:3000`)[0] as ProxyServer), ...more };
}

test('statistics are read by the names in their first line', () => {
  expect(server({})).toMatchObject({ name: 'blue', host: '::1', port: 3000, weight: 0, sessions: 0 });
  expect(readStat('# pxname,svname\napp,blue')[0]).toMatchObject({ host: '', port: 0 });
  expect(() => readStat('<html>')).toThrow('HAProxy answered no statistics: <html>');
});
