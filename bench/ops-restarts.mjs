/**
 * Two copies of an application behind HAProxy, restarted in turn by SIGTERM, under requests and with event streams open:
 * an Express application, and the production build of the reference app on Next.js.
 *
 * npm run bench -- ops-restarts [--quick]
 */
import { fileURLToPath } from 'node:url';
import { freePort } from '../scripts/services/src/plain/free-port.mjs';
import { judge, table } from './lib/table.mjs';
import { rollingRestarts } from './ops-restarts/rolling-restarts.mjs';
import { startCopy } from './ops-restarts/start-copy.mjs';
import { startCrm } from './ops-restarts/start-crm.mjs';

const isQuick = process.argv.includes('--quick');
const restarts = isQuick ? 2 : 20;
const streams = 100;
/** What the copies are given from the signal to the end, in milliseconds. */
const deadlineMs = 10_000;

const results = { Express: await express() };
if (!isQuick) results['Next.js standalone'] = await next();

console.log(`${restarts} restarts each, two copies behind HAProxy, ${streams} event streams open\n`);
console.log(
  table(
    [
      'application',
      'answered',
      'lost',
      'streams ended',
      'streams failed',
      'exit, ms (median, most)',
      'slowest answer, ms',
    ],
    Object.entries(results).map(
      ([name, { answered, lost, slowestMs, streamsEnded, streamsFailed, exits }]) => {
        const exitMs = exits.map((exit) => exit.exitMs).sort((one, other) => one - other);
        return [
          name,
          answered,
          wordsOf(lost),
          streamsEnded,
          wordsOf(streamsFailed),
          `${exitMs[Math.floor(exitMs.length / 2)].toFixed(0)}, ${exitMs.at(-1).toFixed(0)}`,
          slowestMs.toFixed(0),
        ];
      },
    ),
  ),
);
console.log('');
judge(
  Object.entries(results).flatMap(([name, { lost, exits, answered, streamsEnded, streamsFailed }]) => [
    [`${name}: no request was lost over ${restarts} restarts (${answered} answered)`, sumOf(lost) === 0],
    [
      `${name}: event streams were ended, none broken off`,
      streamsEnded >= restarts * 20 && sumOf(streamsFailed) === 0,
    ],
    [
      `${name}: every copy exited by itself with 0, within ${deadlineMs} ms`,
      exits.every(({ code, exitMs }) => code === 0 && exitMs < deadlineMs),
    ],
  ]),
);

async function express() {
  const script = fileURLToPath(new URL('ops-restarts/express-copy.mjs', import.meta.url));
  return rollingRestarts({
    restarts,
    streams,
    clients: 20,
    ports: [await freePort(), await freePort()],
    startCopy: (port) => startCopy(script, { port, args: [String(port)] }),
    requests: [
      { method: 'GET', path: '/quick' },
      { method: 'GET', path: '/slow' },
      {
        method: 'POST',
        path: '/orders',
        headers: { 'content-type': 'application/json' },
        body: '{"item":1}',
      },
    ],
    streamPath: '/events',
  });
}

async function next() {
  const crm = await startCrm();
  try {
    return await rollingRestarts({
      restarts,
      streams,
      clients: 8,
      ports: [await freePort(), await freePort()],
      startCopy: crm.startCopy,
      requests: crm.requests,
      streamPath: '/api/usage',
      headers: crm.headers,
    });
  } finally {
    await crm.close();
  }
}

function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function wordsOf(counts) {
  return (
    Object.entries(counts)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ') || '0'
  );
}
