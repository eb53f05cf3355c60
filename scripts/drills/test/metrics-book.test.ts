import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type MetricsBook, startMetricsBook } from '../scene/metrics-book.mjs';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A copy that tells its metrics, until it is told to be silent. */
async function startCopy() {
  const copy = { text: '', isSilent: false, url: '' };
  const server = createServer((_, response) => {
    if (!copy.isSilent) response.end(copy.text);
    else response.writeHead(503).end('reads 999');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  copy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  closing.push(() => server.close().closeAllConnections());
  return copy;
}

function bookOf(...copies: readonly { readonly url: string }[]): MetricsBook {
  const book = startMetricsBook({ urls: copies.map(({ url }) => url) });
  closing.push(book.close);
  return book;
}

test('adds up what copies count, by labels, through a restart and while one is silent', async () => {
  const [one, other] = [await startCopy(), await startCopy()];
  const book = bookOf(one, other);
  one.text = '# HELP reads of the cache\nreads{outcome="hit",layer="memory"} 7\nreads{outcome="miss"} 2\n';
  other.text = 'reads{outcome="hit",layer="memory"} 10\nreads_of_others{outcome="hit"} 1\n';
  await book.refresh();
  expect([book.sum('reads', { outcome: 'hit' }), book.sum('reads')]).toEqual([17, 19]);
  other.isSilent = true;
  // It begins anew.
  one.text = 'reads{outcome="hit",layer="memory"} 3\n';
  await book.refresh();
  await book.refresh();
  expect(book.sum('reads', { outcome: 'hit' })).toBe(20);
  expect([...book.names].sort()).toEqual(['reads', 'reads_of_others']);
});

test('tells a quantile of a histogram as Prometheus does', async () => {
  const copy = await startCopy();
  const book = bookOf(copy);
  copy.text = [
    ['0.01', 90],
    ['0.05', 100],
    ['+Inf', 100],
  ]
    .map(([bound, count]) => `seconds_bucket{kind="read",le="${bound}"} ${count}`)
    .join('\n');
  await book.refresh();
  expect(book.quantile('seconds', 0.95)).toBeCloseTo(0.03, 10);
  expect(book.quantile('seconds', 0.5)).toBeCloseTo(0.01 * (50 / 90), 10);
  expect(book.quantile('minutes', 0.5)).toBeNaN();
});
