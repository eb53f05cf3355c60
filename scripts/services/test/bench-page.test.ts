import { expect, test } from '@jest/globals';
import { pageOf } from '../../lib/bench-page/page-of.mjs';
import type { Result } from '../../lib/bench-page/result.mjs';

const measured = {
  at: '2026-11-27T03:10Z',
  commit: '0123456789',
  seconds: 200,
  loadBefore: 0.1,
  loadAfter: 2,
  machine: {
    cpu: 'Example 9000',
    cores: 2,
    memoryGb: 8,
    os: 'Linux',
    node: 'v20.20.2',
    postgres: '18.4',
    redis: '8.0',
  },
};
const bar = (name: string, role: 'ours' | 'peer' | 'limit', median: number) => ({
  name,
  role,
  median,
  least: median * 0.9,
  most: median * 1.1,
});
const reads: Result = {
  name: 'cache',
  title: 'Reads',
  subject: 'cache',
  about: 'What a read costs.',
  sections: [
    {
      kind: 'bars',
      title: 'A hit in <memory> & "more"',
      unit: 'µs',
      bars: [
        bar('ours', 'ours', 2),
        bar('slow', 'peer', 9),
        bar('quick', 'peer', 1),
        bar('Map', 'limit', 0.1),
      ],
    },
    {
      kind: 'curve',
      title: 'Keys',
      x: 'keys',
      y: 'ms',
      isLog: true,
      series: [
        {
          name: 'ours',
          role: 'ours',
          points: [1, 10, 100].map((x) => ({ x, median: x, least: x / 2, most: x * 2 })),
        },
      ],
    },
    { kind: 'table', title: 'Bytes', head: ['', 'bytes'], rows: [['a|b', 12]] },
  ],
  claims: [
    { text: 'a hit is quicker than slow', holds: true, figure: '4.5×' },
    { text: 'a hit is quicker than quick', holds: false, figure: '0.5×', whyMissed: 'quick keeps no copies' },
    { text: 'at most 5 % added', holds: true, figure: '+1 %', voidBecause: 'A/A is 4 %' },
  ],
  measured,
};
const documents: Result = {
  ...reads,
  name: 'problem',
  title: 'Documents',
  subject: 'problem',
  sections: [],
  claims: [],
};
const peers = {
  peers: {
    cache: [{ name: 'quick', packages: ['quick-cache'], how: 'as it is', source: 'https://example.com' }],
  },
  heldBack: [],
};
const from = { results: [reads, documents], peers, versionOf: () => '1.2.3' };

test('a page names what holds, what is missed with its cause, and what is void', () => {
  const { page } = pageOf(from);
  expect(page).toContain('| a hit is quicker than slow | 4.5× | holds |');
  expect(page).toContain('| a hit is quicker than quick | 0.5× | **missed**: quick keeps no copies |');
  expect(page).toContain('| at most 5 % added | +1 % | **void**: A/A is 4 % |');
  expect(page).toContain('| [@unite/cache](#unitecache) | 1 | **1** | 1 | 0 | 0 | 1 |');
});

test('ours stands beside the best peer, ahead or behind', () => {
  expect(pageOf(from).page).toMatch(/\| 2 \| 1 \(quick\) \| 0\.100 \| \*\*behind\*\*: 2× more \|/);
});

test('packages come in the order of the house, with the versions of their peers', () => {
  const { page } = pageOf(from);
  expect(page.indexOf('## @unite/problem')).toBeLessThan(page.indexOf('## @unite/cache'));
  expect(page).toContain('`quick-cache` 1.2.3');
  expect(page).toContain('2026-11-27 03:10 UTC, 3 min, commit 0123456789');
});

test('a picture is the same each time, speaks, and takes no markup from names', () => {
  const { charts } = pageOf(from);
  expect([...charts.keys()]).toEqual(['cache-1.svg', 'cache-2.svg']);
  const svg = charts.get('cache-1.svg') ?? '';
  expect(svg).toBe(pageOf(from).charts.get('cache-1.svg'));
  expect(svg).toContain('<title id="title">A hit in &lt;memory&gt; &amp; &quot;more&quot;</title>');
  expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
  expect(svg).toContain('slow: 9, from 8.10 to 9.90');
  expect(svg).not.toContain('NaN');
  expect(charts.get('cache-2.svg')).not.toContain('NaN');
});

test('a bar or a sign that would end a cell does not', () => {
  expect(pageOf(from).page).toContain('| a\\|b | 12 |');
});
