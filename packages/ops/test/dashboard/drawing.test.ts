import { describe, expect, test } from '@jest/globals';
import { addressOf, dataPathOf, pathOf } from '../../src/dashboard/client/address';
import { labelPlaces } from '../../src/dashboard/client/charts/label-places';
import { linePath } from '../../src/dashboard/client/charts/line-path';
import { niceTop } from '../../src/dashboard/client/charts/nice-top';
import {
  bytes,
  count,
  counted,
  dollars,
  goal,
  share,
  shareOf,
} from '../../src/dashboard/client/format/numbers';
import { ago, duration, exactTime, seconds, timeOfDay } from '../../src/dashboard/client/format/times';
import { compareReleases } from '../../src/dashboard/client/screens/compare-releases';
import { budgetOf } from '../../src/dashboard/client/screens/error-budget';
import { filterOf, filterRequests, queryOf } from '../../src/dashboard/client/screens/filter-requests';
import { barOf, ticksOf } from '../../src/dashboard/client/screens/waterfall';
import { sortRows } from '../../src/dashboard/client/ui/sort-rows';
import type { ReleasesScreen } from '../../src/dashboard/screen-types';
import { rowAt } from '../support/dashboard/full-pages';

describe('a line', () => {
  const scale = { fromMs: 0, toMs: 10_000, top: 10 };
  const at = (...values: (number | null)[]) => values.map((value, index) => ({ atMs: index * 1_000, value }));

  test('goes from left to right, its zero below', () => {
    expect(linePath(at(0, 5, 10), scale)).toBe('M0 100L10 50L20 0');
  });

  test('has a gap where nothing was measured, and where a second is missing', () => {
    expect(linePath(at(1, 1, null, 2, 2), scale)).toBe('M0 90L10 90M30 80L40 80');
    expect(linePath([...at(1, 1), { atMs: 5_000, value: 2 }], scale)).toBe('M0 90L10 90M50 80h0');
  });

  test('begins at the edge, and ends at the top', () => {
    expect(
      linePath(
        [
          { atMs: -1_000, value: 1 },
          { atMs: 0, value: 99 },
        ],
        scale,
      ),
    ).toBe('M0 0h0');
  });

  test('has a round figure at its top', () => {
    expect([1, 3, 7, 12, 480, 0.3].map(niceTop)).toEqual([1, 5, 10, 20, 500, 0.5]);
  });

  test('has its label beside its end, and no label over another', () => {
    expect(labelPlaces([50], 20)).toEqual([50]);
    expect(labelPlaces([100, 100, 10], 20)).toEqual([70, 90, 10]);
    expect(labelPlaces([0, 0], 20)).toEqual([10, 30]);
  });
});

describe('a bar of a waterfall', () => {
  test('stands where its span was', () => {
    expect(barOf(25, 50, 100)).toEqual({ start: 25, width: 50 });
    expect(ticksOf(80).map(({ atMs }) => atMs)).toEqual([0, 20, 40, 60, 80]);
  });

  test('is seen however short it is, and never leaves the whole', () => {
    expect(barOf(100, 0, 100)).toEqual({ start: 99.6, width: expect.closeTo(0.4) });
    expect(barOf(-5, 500, 100)).toEqual({ start: 0, width: 100 });
    expect(barOf(0, 0, 0)).toEqual({ start: 0, width: 0.4 });
  });
});

describe('a figure', () => {
  test('has its unit', () => {
    expect([0.84, 12.4, 1_400, 180_000, 9_000_000, 4 * 86_400_000].map(duration)).toEqual([
      '0.8 ms',
      '12 ms',
      '1.4 s',
      '3 min',
      '2.5 h',
      '4 d',
    ]);
    expect([12, 12_400, 1_440_000].map(bytes)).toEqual(['12 B', '12 kB', '1.4 MB']);
    expect([dollars('4700000'), dollars('12300000000'), dollars('0')]).toEqual([
      '$0.0047',
      '$12.30',
      '$0.00',
    ]);
    expect([count(48_210), count(2.44)]).toEqual(['48,210', '2.4']);
    expect([counted(1, 'span'), counted(2, 'span'), counted(2, 'match', 'matches')]).toEqual([
      '1 span',
      '2 spans',
      '2 matches',
    ]);
  });

  test('of a share has its denominator, and is never rounded to nothing or to all', () => {
    expect([shareOf(810, 1_000), shareOf(0, 0), share(1, 0)]).toEqual(['81 % of 1,000', 'none yet', '–']);
    expect([share(1, 15_500), share(15_499, 15_500), share(5, 5), share(0, 5)]).toEqual([
      '<0.1 %',
      '>99.9 %',
      '100 %',
      '0 %',
    ]);
    expect([goal(0.99), goal(0.9995)]).toEqual(['99 %', '99.95 %']);
    expect(budgetOf({ target: 0.9, good: 95, total: 100 })).toEqual({
      allowed: expect.closeTo(10),
      spent: 5,
    });
  });

  test('of time is relative, and exact beside it', () => {
    const atMs = Date.UTC(2026, 10, 22, 23, 14, 5);
    expect([ago(atMs, atMs + 12_900), ago(atMs, atMs - 5_000), ago(atMs, atMs + 180_000)]).toEqual([
      '12 s ago',
      'just now',
      '3 min ago',
    ]);
    expect([seconds(-5), seconds(12_900)]).toEqual(['0 s', '12 s']);
    expect([timeOfDay(atMs), exactTime(atMs)]).toEqual(['23:14:05', '2026-11-22 23:14:05 UTC']);
  });
});

describe('an address', () => {
  test.each([
    ['/ops', { screen: 'now' }],
    ['/ops/', { screen: 'now' }],
    ['/ops/requests', { screen: 'requests' }],
    ['/ops/traces/4bf9', { screen: 'trace', traceId: '4bf9' }],
    ['/ops/toString', undefined],
    ['/ops/requests/1', undefined],
    ['/ops/traces/', undefined],
    ['/ops/traces/1/2', undefined],
    ['/opsy', undefined],
  ])('%s', (path, address) => {
    expect(addressOf(path, '/ops')).toEqual(address);
  });

  test('is a path again, of the page and of its data', () => {
    expect(pathOf({ screen: 'now' }, '/ops')).toBe('/ops');
    expect(pathOf({ screen: 'now' }, '')).toBe('/');
    expect(pathOf({ screen: 'trace', traceId: '4bf9' }, '/ops')).toBe('/ops/traces/4bf9');
    expect(dataPathOf({ screen: 'cache' }, '/ops')).toBe('/ops/api/cache');
  });
});

describe('requests', () => {
  const row = {
    ...rowAt(1),
    method: 'GET',
    route: '/api/contacts',
    status: 200,
    isAborted: false,
    durationMs: 20,
  };
  const rows = [
    row,
    { ...row, route: '/api/usage', status: 503 },
    { ...row, isAborted: true, durationMs: 900 },
  ];
  const matching = (query: string) => filterRequests(rows, filterOf(query)).length;

  test('are filtered by route, status and time, as the address says', () => {
    expect(matching('')).toBe(3);
    expect(matching('?route=get+/API/usage')).toBe(1);
    expect(matching('?status=5xx')).toBe(1);
    expect(matching('?status=aborted')).toBe(1);
    expect(matching('?slower=20')).toBe(1);
    expect(matching('?slower=nonsense')).toBe(3);
  });

  test('have a filter that an address can hold', () => {
    const filter = { route: 'a b', status: '4xx', slowerThanMs: 200 };
    expect(filterOf(queryOf(filter))).toEqual(filter);
    expect(queryOf(filterOf(''))).toBe('');
  });
});

describe('a table', () => {
  test('is sorted by numbers and by names; what has no value comes last', () => {
    const values = [3, null, 20, undefined, 1];
    expect(sortRows(values, (value) => value, 'ascending').slice(0, 3)).toEqual([1, 3, 20]);
    expect(sortRows(values, (value) => value, 'descending').slice(0, 3)).toEqual([20, 3, 1]);
    expect(sortRows(['b', 'a'], (value) => value, 'ascending')).toEqual(['a', 'b']);
  });
});

describe('two releases', () => {
  type Release = ReleasesScreen['rows'][number];
  const release = (change: Partial<Release>): Release => ({
    release: '1',
    deployment: undefined,
    atMs: 0,
    requests: 1_000,
    errors: 1,
    p95Ms: 40,
    isCurrent: false,
    ...change,
  });
  const old = release({ release: '1' });

  test.each<[Partial<Release>, string, string]>([
    [{ errors: 30 }, 'down', '2 fails more: 3 % of 1,000 failed, against 0.1 % of 1,000.'],
    [{ p95Ms: 90 }, 'warn', '2 is slower: p95 90 ms, against 40 ms.'],
    [{ p95Ms: null }, 'ok', '2 is no worse than 1: 0.1 % of 1,000 failed, against 0.1 % of 1,000.'],
    [{ requests: 99 }, 'none', 'Too little to compare: 2 has 99 requests.'],
  ])('are compared: %j is %s', (change, verdict, sentence) => {
    expect(compareReleases(release({ release: '2', ...change }), old)).toEqual({ verdict, sentence });
  });

  test('are not compared either while the older one has too little', () => {
    expect(compareReleases(old, release({ release: '0', requests: 3 })).verdict).toBe('none');
  });
});
