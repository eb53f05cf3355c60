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
import { Report } from './lib/report.mjs';
import { medianOf } from './lib/rounds.mjs';
import { short } from './lib/table.mjs';

const processes = 4;
const reads = 1_000;
const report = new Report({
  title: 'A stampede',
  subject: 'cache',
  about: `How often the loader runs when ${reads} reads at once, over ${processes} processes, miss one key.`,
});
const times = report.quick ? 2 : 10;

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
report.table(`${reads} misses at once, ${times} times`, head, rows);
for (const { loadMs, runs } of results) {
  report.claim(
    `a loader of ${loadMs} ms runs once`,
    runs.every((run) => run === 1),
    // A process that the machine holds up for longer than its lease lasts is taken for dead.
    { figure: `at most ${Math.max(...runs)} times`, isOfMachine: true },
  );
}
report.end();
