import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MetricRegistry, overflow } from '../../src/metrics';
import type { MetricDeclaration, MetricPoint } from '../../src/metrics/metric-types';

let points: MetricPoint[];
let registry: MetricRegistry;
const create = (limits = {}) => new MetricRegistry(limits, (point) => void points.push(point));
beforeEach(() => {
  points = [];
  registry = create();
});

const counter: MetricDeclaration = { kind: 'counter', help: 'Contacts that were made', labels: ['plan'] };
const seen = () => points.map(({ metric, value, labels }) => [metric.name, value, ...labels]);

test('a declared metric is recorded with its labels in order, what is left out as an empty text', () => {
  registry.declare('contacts_created', { ...counter, labels: ['plan', 'source'] });
  registry.put('contacts_created', 2, { source: 'csv', plan: 'pro' });
  registry.put('contacts_created', 1, { plan: 'free' });
  registry.put('contacts_created', 1);
  expect(seen()).toEqual([
    ['contacts_created', 2, 'pro', 'csv'],
    ['contacts_created', 1, 'free', ''],
    ['contacts_created', 1, '', ''],
  ]);
});

test('one that was not declared gets the labels of its first value', () => {
  registry.putAs('gauge', 'queue_jobs', 3, { queue: 'mail' });
  registry.putAs('gauge', 'queue_jobs', 4, { queue: 'mail', priority: 1 });
  expect(seen()).toEqual([['queue_jobs', 3, 'mail']]);
  expect(registry.counts()).toEqual({ series: 1, overflowed: 0, invalid: 1 });
});

test('values that are no numbers, negative additions and another kind are counted and not recorded', () => {
  registry.declare('contacts_created', counter);
  for (const value of [Number.NaN, Infinity, -1, '1', null, undefined, 1n]) {
    registry.put('contacts_created', value as number, { plan: 'pro' });
  }
  registry.putAs('gauge', 'contacts_created', 1);
  registry.put('never_declared', 1);
  expect(points).toEqual([]);
  expect(registry.counts().invalid).toBe(9);
  registry.putAs('gauge', 'temperature_celsius', -3);
  expect(seen()).toEqual([['temperature_celsius', -3]]);
});

test.each([
  ['a name with a dash', 'contacts-created', {}],
  ['an empty name', '', {}],
  ['a name that begins with a digit', '1st', {}],
  ['a name that is none', 7, {}],
  ['a name of a megabyte', 'a'.repeat(1_000_000), {}],
  ['a kind', 'm', { kind: 'summary' }],
  ['no help', 'm', { help: '' }],
  ['nine labels', 'm', { labels: [...'abcdefghi'] }],
  ['labels that are none', 'm', { labels: 'abc' }],
  ['a label twice', 'm', { labels: ['a', 'a'] }],
  ['a label of Prometheus', 'm', { labels: ['le'] }],
  ['a reserved label', 'm', { labels: ['__name__'] }],
  ['a label with a line', 'm', { labels: ['a\nb'] }],
  ['no buckets', 'm', { buckets: [] }],
  ['falling buckets', 'm', { buckets: [1, 1] }],
  ['an infinite bucket', 'm', { buckets: [1, Infinity] }],
])('refuses %s', (_, name, changes) => {
  registry.declare(name as string, { ...counter, kind: 'histogram', ...changes } as MetricDeclaration);
  expect(registry.counts().invalid).toBe(1);
});

test('labels that throw when they are read are counted', () => {
  registry.declare('contacts_created', counter);
  const hostile = {
    plan: {
      toString: () => {
        throw new Error('no');
      },
    },
  };
  registry.put('contacts_created', 1, hostile as never);
  expect(registry.counts().invalid).toBe(1);
});

describe('caps', () => {
  test('label sets over the cap go to one series, and known ones stay', () => {
    registry = create({ maxSeries: 2 });
    registry.declare('contacts_created', counter);
    for (const plan of ['a', 'b', 'c', 'd', 'a', 'c']) registry.put('contacts_created', 1, { plan });
    expect(seen().map(([, , plan]) => plan)).toEqual(['a', 'b', overflow, overflow, 'a', overflow]);
    expect(registry.counts()).toEqual({ series: 2, overflowed: 3, invalid: 0 });
  });

  test('metrics over the cap are refused', () => {
    registry = create({ maxMetrics: 1 });
    registry.putAs('counter', 'one_total', 1);
    registry.putAs('counter', 'two_total', 1);
    expect(seen()).toEqual([['one_total', 1]]);
    expect(registry.counts().invalid).toBe(1);
  });

  test('long labels are cut, and what is alike then is one series', () => {
    registry.declare('contacts_created', counter);
    for (const end of ['x', 'y']) registry.put('contacts_created', 1, { plan: 'p'.repeat(200) + end });
    expect(seen().map(([, , plan]) => plan)).toEqual(['p'.repeat(200), 'p'.repeat(200)]);
    expect(registry.counts().series).toBe(1);
  });

  test('whatever labels are given, no two sets become one and there are never more than allowed', () => {
    const text = fc.string({ maxLength: 5, unit: fc.constantFrom('a', 'b', '\u0000', '\n', ',') });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 60 }), (sets) => {
        points = [];
        registry = create({ maxSeries: 20 });
        registry.declare('m', { ...counter, labels: ['a', 'b'] });
        for (const [a, b] of sets) registry.put('m', 1, { a, b });
        expect(points).toHaveLength(sets.length);
        expect(registry.counts().series).toBeLessThanOrEqual(20);
        for (const [index, { labels }] of points.entries()) {
          if (labels[0] === overflow) continue;
          expect(labels).toEqual(sets[index]?.map((label) => label.replaceAll('\u0000', '')));
        }
      }),
    );
  });
});
