import { expect, test } from '@jest/globals';
import { formatScorecard, type Scorecard } from '../../src/drill';

const card: Scorecard = {
  passed: false,
  interrupted: true,
  stopped: 'kill-primary: no such process',
  startedAtMs: Date.UTC(2026, 10, 26, 12),
  durationMs: 31_234,
  counts: { kept: 1, missed: 1, notMeasurable: 1 },
  drills: [
    {
      name: 'kill-primary',
      about: 'x',
      durationMs: 30_000,
      rows: [
        { promise: 'zero requests lost', measured: '0 of 1,204', outcome: 'kept' },
        {
          promise: 'API p95 < 200 ms',
          measured: `240 ms, ${'very '.repeat(20)}late\u001b[2J`,
          outcome: 'missed',
        },
      ],
    },
    {
      name: 'page-load',
      about: 'x',
      durationMs: 1_234,
      rows: [{ promise: 'page load < 2 s', measured: 'no browser', outcome: 'not-measurable' }],
    },
  ],
  notBegun: ['restore'],
};

test('a row a promise, a line for what is long, and the counts last', () => {
  const lines = formatScorecard(card).split('\n');
  expect(lines.map((line) => line.replace(/(?<=\S) {2,}/g, ' | '))).toEqual([
    'promise | measured | outcome',
    'kill-primary | 30.0 s',
    '  zero requests lost | 0 of 1,204 | ✓ kept',
    `  API p95 < 200 ms | 240 ms, ${'very '.repeat(12)}ve… | ✗ MISSED`,
    `    → 240 ms, ${'very '.repeat(20)}late\\u001b[2J`,
    'page-load | 1,234 ms',
    '  page load < 2 s | no browser | - not measurable here',
    '',
    'not begun: restore',
    'STOPPED, for a fault is left: kill-primary: no such process',
    'kept 1, missed 1, not measurable here 1 (interrupted)',
  ]);
});

test('one that came to its end says nothing of interruptions', () => {
  const { stopped: _, ...rest } = card;
  const text = formatScorecard({ ...rest, interrupted: false, notBegun: [], drills: [] });
  expect(text.split('\n')).toEqual([
    'promise  measured  outcome',
    '',
    'kept 1, missed 1, not measurable here 1',
  ]);
});
