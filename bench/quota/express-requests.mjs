import { barsOf } from '../lib/bars-of.mjs';
import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { short, times } from '../lib/table.mjs';
import { startExpress } from './express-process.mjs';
import { measured, speedOf } from './rounds.mjs';

const names = {
  'no limiter': 'bare',
  'quotaMiddleware, one limit': 'unite-one',
  'express-rate-limit + rate-limit-redis, one limit': 'express-one',
  'rate-limiter-flexible, one limit': 'flexible-one',
  'rate-limiter-flexible, one limit, headers by hand': 'flexible-one-headers',
  'quotaMiddleware, four limits': 'unite-four',
  'rate-limiter-flexible, union of four': 'flexible-four',
};
const floor = 'no limiter';

/** One bare route of Express behind each limiter, 50 requests in flight: requests a second, and what each costs. */
export async function expressRequests(report, redis, settings) {
  const app = await startExpress({ redisUrl: redis.url });
  const contestants = Object.fromEntries(
    Object.entries(names).map(([title, name]) => [title, () => app.request(`/${name}/fast`)]),
  );
  const samples = await measured(contestants, {
    ...settings,
    warmUpCalls: settings.warmUpCalls / 10,
    roundMs: settings.roundMs * 2,
    atATime: 50,
    // What is of interest is the app's time, here in the place of the server's.
    redis: app,
  });
  await app.close();
  const rows = Object.keys(names).map((name) => [
    name,
    Math.round(1e6 / medianOf(samples.wall[name])).toLocaleString('en'),
    times(speedOf(samples.wall, name, floor)),
    short(medianOf(samples.server[name])),
    times(ratioOf(samples.server, name, floor)),
  ]);
  const title = 'Express, Redis, 50 in flight';
  const head = [
    '',
    'requests a second, median',
    `as fast as ${floor}`,
    'µs CPU of the app per request',
    `ratio to ${floor}`,
  ];
  report.table(title, head, rows);
  const ours = Object.keys(names).filter((name) => name.startsWith('quotaMiddleware'));
  for (const [kind, isKind] of [
    ['one limit', (name) => /one limit|no limiter/.test(name)],
    ['four limits', (name) => /four|no limiter/.test(name)],
  ]) {
    const chosen = Object.fromEntries(Object.entries(samples.server).filter(([name]) => isKind(name)));
    report.bars({
      title: `A request of Express behind ${kind}: processor time of the app`,
      unit: 'µs',
      bars: barsOf(chosen, { ours, limit: [floor] }),
    });
  }
  for (const [own, peer] of [
    ['quotaMiddleware, one limit', 'express-rate-limit + rate-limit-redis, one limit'],
    ['quotaMiddleware, one limit', 'rate-limiter-flexible, one limit, headers by hand'],
    ['quotaMiddleware, four limits', 'rate-limiter-flexible, union of four'],
  ]) {
    const ratio = ratioOf(samples.server, own, peer).median;
    report.claim(`Express: ${own} takes no more CPU than ${peer}`, ratio <= 1, {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
      whyMissed:
        'by a profile some ten microseconds are its own, and four those of the peer with three headers: it says how every limit stands, in two structured fields, and a request that passes twice is charged once',
    });
  }
}
