import { setTimeout } from 'node:timers/promises';
import { exactly } from '../lib/exactly.mjs';
import { short } from '../lib/table.mjs';
import { startDatabase } from './database.mjs';
import { startExpress } from './express-process.mjs';

const names = {
  without: 'bare',
  'without, again': 'bare-again',
  '@unite/quota, four limits': 'unite-four',
  '@unite/quota, four limits, with a ledger': 'unite-store',
  "@unite/quota, four limits, durability: 'ledger'": 'unite-ledger',
  'rate-limiter-flexible, one limit': 'flexible-one',
  'rate-limiter-flexible, union of four': 'flexible-four',
};
const peer = 'rate-limiter-flexible, one limit';
const routeMs = 10;
const bar = 0.08;
/** A route of 10 ms that takes longer than this says that the machine has no time for it. */
const slowestRouteMs = 12;
/** Requests begun in a second, of all together, whatever becomes of them. */
const rate = 100;

/** What a limiter adds to a route of 10 ms, at a steady rate, variants in turn, request by request. */
export async function addedLatency(report, redis, { quick }) {
  const database = await startDatabase();
  const app = await startExpress({ redisUrl: redis.url, databaseUrl: database.url });
  await Promise.all(Object.values(names).map((name) => app.warmUp(`/${name}/fast`)));
  await samplesOf(app, quick ? 10 : 60);
  const samples = await samplesOf(app, quick ? 60 : 1_200);
  await app.close();
  await database.close();

  const at = (name, share) =>
    samples[name].toSorted((a, b) => a - b)[Math.floor(share * samples[name].length)];
  const added = (name, share) => at(name, share) - at('without', share);
  const percent = (ms) => `${((ms / routeMs) * 100).toFixed(1)} %`;
  const rows = Object.keys(names).map((name) => [
    name,
    short(at(name, 0.5)),
    percent(added(name, 0.5)),
    short(at(name, 0.95)),
    percent(added(name, 0.95)),
  ]);
  const title = `Route of ${routeMs} ms, ${rate} requests a second in all`;
  const head = ['', 'p50, ms', `added, of ${routeMs} ms`, 'p95, ms', `added, of ${routeMs} ms`];
  report.table(title, head, rows);
  for (const share of [0.5, 0.95]) {
    report.bars({
      title: `${title}: p${share * 100}`,
      unit: 'ms',
      bars: Object.keys(names).map((name) => exactly(name, roleOf(name), at(name, share))),
    });
  }

  const noiseAt = (share) => Math.abs(added('without, again', share));
  const voidBecause = [
    noiseAt(0.5) > (bar * routeMs) / 3 && `two routes without are ${percent(noiseAt(0.5))} apart`,
    at('without', 0.5) > slowestRouteMs && `the route itself takes ${short(at('without', 0.5))} ms`,
  ].find(Boolean);
  const more = { isOfMachine: true, ...(voidBecause && { voidBecause }) };
  for (const name of ['@unite/quota, four limits', '@unite/quota, four limits, with a ledger']) {
    const share = added(name, 0.5) / routeMs;
    report.claim(
      `${name}: adds at most 8 % to the p50 of a route of ${routeMs} ms (goal 5 %)`,
      share <= bar,
      { figure: percent(added(name, 0.5)), ...more },
    );
    report.claim(
      `${name}: p95 no worse than that of ${peer}, but for what two routes without differ by`,
      at(name, 0.95) <= at(peer, 0.95) + noiseAt(0.95),
      {
        figure: `${short(at(name, 0.95))} ms, ${short(at(peer, 0.95))} ms, but for ${short(noiseAt(0.95))} ms`,
        whyMissed: `four limits are counted here${name.endsWith('ledger') ? ', and written down' : ''}, and one limit there`,
        ...more,
      },
    );
  }
}

function roleOf(name) {
  if (name.startsWith('without')) return 'limit';
  return name.startsWith('@unite') ? 'ours' : 'peer';
}

/** @returns {Promise<Record<string, number[]>>} milliseconds, in the order in which they were asked */
async function samplesOf(app, times) {
  const samples = Object.fromEntries(Object.keys(names).map((name) => [name, []]));
  const asked = [];
  let dueAtMs = performance.now();
  for (const _ of Array.from({ length: times })) {
    for (const name of shuffled(Object.keys(names))) {
      dueAtMs += (-Math.log(1 - Math.random()) * 1_000) / rate;
      const waitMs = dueAtMs - performance.now();
      if (waitMs > 0) await setTimeout(waitMs);
      asked.push(ask(name));
    }
  }
  await Promise.all(asked);
  return samples;

  async function ask(name) {
    const startMs = performance.now();
    await app.request(`/${names[name]}/slow`);
    samples[name].push(performance.now() - startMs);
  }
}

function shuffled(values) {
  return values
    .map((value) => [Math.random(), value])
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value);
}
