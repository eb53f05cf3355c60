import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { short, table, times } from '../lib/table.mjs';
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
export async function expressRequests(redis, settings) {
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
  const head = [
    'Express, Redis, 50 in flight',
    'requests a second, median',
    `as fast as ${floor}`,
    'µs CPU of the app per request',
    `ratio to ${floor}`,
  ];
  console.log(`${table(head, rows)}\n`);
  return [
    claim('quotaMiddleware, one limit', 'express-rate-limit + rate-limit-redis, one limit'),
    claim('quotaMiddleware, one limit', 'rate-limiter-flexible, one limit, headers by hand'),
    claim('quotaMiddleware, four limits', 'rate-limiter-flexible, union of four'),
  ];

  function claim(ours, theirs) {
    const ratio = ratioOf(samples.server, ours, theirs).median;
    return [`Express: ${ours} takes ${short(ratio)}× the CPU of ${theirs} (bar 1)`, ratio <= 1, true];
  }
}
