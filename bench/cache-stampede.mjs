/**
 * 1,000 misses at once on one key, spread over 4 processes: how often the loader runs.
 *
 * node cache-stampede.mjs [--quick]   (build the packages first)
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { startRedisControl } from '../packages/cache/dist/testing.js';
import { medianOf } from './lib/rounds.mjs';
import { judge, short, table } from './lib/table.mjs';

const quick = process.argv.includes('--quick');
const processes = 4;
const reads = 1_000;
const times = quick ? 2 : 10;

const redis = await startRedisControl();
const counter = createClient({ url: redis.url });
await counter.connect();
const program = fileURLToPath(new URL('cache/stampede-node.mjs', import.meta.url));
const nodes = Array.from({ length: processes }, () =>
  fork(program, [redis.url, 'stampede', String(reads / processes)]),
);
await Promise.all(nodes.map((node) => once(node, 'message')));

const results = [];
for (const loadMs of [0, 50, 1_000]) {
  const runs = [];
  const answers = [];
  for (let time = 0; time < times; time++) {
    const id = `${loadMs}-${time}`;
    const startAtMs = Date.now() + 100;
    const done = nodes.map((node) => once(node, 'message'));
    for (const node of nodes) node.send({ id, loadMs, startAtMs });
    const replies = (await Promise.all(done)).map(([reply]) => reply);
    runs.push(Number(await counter.get(`runs:${id}`)));
    answers.push({
      values: new Set(replies.flatMap(({ values }) => values)),
      ms: Math.max(...replies.map(({ ms }) => ms)),
    });
  }
  results.push({ loadMs, runs, answers });
}
for (const node of nodes) node.disconnect();
await Promise.all(nodes.map((node) => once(node, 'exit')));
counter.destroy();
await redis.close();

console.log(`Node ${process.version}, ${reads} reads at once over ${processes} processes, ${times} times\n`);
const rows = results.map(({ loadMs, runs, answers }) => {
  const ms = answers.map((answer) => answer.ms);
  return [
    `${loadMs} ms`,
    runs.join(', '),
    Math.max(...answers.map(({ values }) => values.size)),
    short(medianOf(ms)),
    `${short(Math.min(...ms))}–${short(Math.max(...ms))}`,
  ];
});
const head = ['Loader takes', 'runs of the loader', 'different answers', 'until all have it, ms', 'range'];
console.log(`${table(head, rows)}\n`);
judge(
  results.map(({ loadMs, runs }) => {
    return [
      `a loader of ${loadMs} ms runs once (bar 1): at most ${Math.max(...runs)} times`,
      runs.every((run) => run === 1),
    ];
  }),
);
