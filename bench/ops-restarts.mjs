/**
 * Two copies of an application behind HAProxy, restarted in turn by SIGTERM, under requests and with event streams open:
 * an Express application, and the production build of the reference app on Next.js.
 *
 * npm run bench -- ops-restarts [--quick]
 */
import { fileURLToPath } from 'node:url';
import { freePort } from '../scripts/services/src/plain/free-port.mjs';
import { sumOf, wordsOf } from './lib/counts.mjs';
import { Report } from './lib/report.mjs';
import { medianOf } from './lib/rounds.mjs';
import { sampleLoad } from './lib/sample-routes.mjs';
import { rollingRestarts } from './ops-restarts/rolling-restarts.mjs';
import { startCopy } from './ops-restarts/start-copy.mjs';
import { startCrm } from './ops-restarts/start-crm.mjs';

const report = new Report({
  title: 'Rolling restarts under load',
  subject: 'ops',
  about:
    'Two copies of an application behind HAProxy, restarted in turn by SIGTERM, under requests and with 100 event streams open: an Express application, and the production build of the reference app on Next.js.',
});
const restarts = report.quick ? 2 : 20;
const streams = 100;
/** What the copies are given from the signal to the end, in milliseconds. */
const deadlineMs = 10_000;

const results = { Express: await express() };
if (!report.quick) results['Next.js standalone'] = await next();

report.table(
  `${restarts} restarts each, two copies, ${streams} event streams open`,
  [
    'application',
    'answered',
    'lost',
    'streams ended',
    'streams failed',
    'exit, ms (median, most)',
    'slowest answer, ms',
  ],
  Object.entries(results).map(([name, { answered, lost, slowestMs, streamsEnded, streamsFailed, exits }]) => {
    const exitMs = exits.map((exit) => exit.exitMs);
    return [
      name,
      answered,
      wordsOf(lost),
      streamsEnded,
      wordsOf(streamsFailed),
      `${medianOf(exitMs).toFixed(0)}, ${Math.max(...exitMs).toFixed(0)}`,
      slowestMs.toFixed(0),
    ];
  }),
);
for (const [name, { lost, exits, answered, streamsEnded, streamsFailed }] of Object.entries(results)) {
  report.claim(`${name}: no request is lost over ${restarts} restarts`, sumOf(lost) === 0, {
    figure: `${wordsOf(lost)} of ${answered}`,
  });
  report.claim(
    `${name}: event streams are ended, none broken off`,
    streamsEnded >= restarts * 20 && sumOf(streamsFailed) === 0,
  );
  report.claim(
    `${name}: every copy exits by itself with 0, within ${deadlineMs} ms`,
    exits.every(({ code, exitMs }) => code === 0 && exitMs < deadlineMs),
  );
}
report.end();

async function express() {
  const script = fileURLToPath(new URL('ops-restarts/express-copy.mjs', import.meta.url));
  return rollingRestarts({
    restarts,
    streams,
    ports: [await freePort(), await freePort()],
    startCopy: (port) => startCopy(script, { port, args: [String(port)] }),
    ...sampleLoad,
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
