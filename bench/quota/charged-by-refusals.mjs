import { definePlans } from '../../packages/quota/dist/index.js';
import { openClient } from './clients.mjs';
import { flexibleLimiter, flexibleUnion, openUnite } from './contestants.mjs';

const asks = 50;
const limits = { perMinute: 1, perDay: 1_000 };
const day = 86_400;

/**
 * One use that passes and 49 that are refused by a limit a minute: what a limit a day, which would have let all pass,
 * was charged. Ours asks the store each time here, and remembers no refusal.
 */
export async function chargedByRefusals(report, redis) {
  const connection = await openClient('redis', redis.url);
  const plans = definePlans({
    usual: { apiCallsPerMinute: limits.perMinute, apiCallsPerDay: limits.perDay },
  });
  const quota = openUnite(connection, { namespace: 'charged', plans, maxDenials: 0 });
  const union = flexibleUnion(connection, {
    keyPrefix: 'charged',
    open: (client, { duration, ...options }) =>
      flexibleLimiter(client, {
        duration,
        points: duration === day ? limits.perDay : limits.perMinute,
        ...options,
      }),
    windows: [60, day],
  });
  let [ours, theirs] = [0, 0];
  for (const _ of Array.from({ length: asks })) {
    const { allowed } = await quota.check({ tenantId: 'acme', plan: 'usual', use: { apiCalls: 1 } });
    if (!allowed) ours += 1;
    await union.consume('acme').catch(() => {
      theirs += 1;
    });
  }
  const usage = await quota.usage('acme', { plan: 'usual' });
  const used = usage.limits.find(({ name }) => name === 'apiCallsPerDay')?.used;
  const daily = await flexibleLimiter(connection, {
    duration: day,
    points: limits.perDay,
    keyPrefix: `charged-${day}`,
  }).get('acme');
  connection.close();
  const rows = [
    ['@unite/quota', asks - ours, ours, used],
    ['RateLimiterUnion', asks - theirs, theirs, daily?.consumedPoints],
  ];
  const title = `${asks} asks at 1 a minute and 1,000 a day`;
  report.table(title, ['', 'passed', 'refused', 'charged to the day'], rows);
  report.claim('what a limit a minute refuses charges a limit a day nothing', used === asks - ours, {
    figure: `${used} of it used after ${ours} refusals; RateLimiterUnion charged it ${daily?.consumedPoints}`,
  });
}
