const { RateLimiterMemory, RateLimiterRedis, RateLimiterUnion } = require('rate-limiter-flexible');
const redis = require('redis');
const { planOf, plenty, tiny } = require('../work.cjs');

const minuteSeconds = 60;
const monthSeconds = 30 * 86_400;

/**
 * A rate and a monthly quota for each plan, as the wiki of rate-limiter-flexible sets them up for production: refused
 * keys blocked in memory, and a limiter in memory for outages of Redis. None for the month: RateLimiterMemory waits for
 * 24 days at most, and a quota that is lost counts from nothing.
 *
 * https://github.com/animir/node-rate-limiter-flexible/wiki/RateLimiterUnion
 */
exports.openLimits = async (prefix) => {
  const storeClient = redis.createClient({ url: process.env.REDIS_URL }).on('error', () => {});
  await storeClient.connect();
  const plans = { pro: planWith(plenty), tiny: planWith(tiny) };
  return { middleware };

  function planWith(perMinute) {
    const common = { storeClient, useRedisPackage: true };
    const minute = new RateLimiterRedis({
      ...common,
      keyPrefix: `${prefix}:perMinute`,
      points: perMinute,
      duration: minuteSeconds,
      inMemoryBlockOnConsumed: perMinute,
      insuranceLimiter: new RateLimiterMemory({ points: perMinute, duration: minuteSeconds }),
    });
    const month = new RateLimiterRedis({
      ...common,
      keyPrefix: `${prefix}:apiCallsPerMonth`,
      points: plenty,
      duration: monthSeconds,
      inMemoryBlockOnConsumed: plenty,
    });
    return { union: new RateLimiterUnion(minute, month), limits: [minute, month] };
  }

  /** With the headers of draft-ietf-httpapi-ratelimit-headers, by hand: the library makes none. */
  function middleware(currentRequest) {
    return async (_request, response, next) => {
      const { tenantId } = currentRequest();
      const { union, limits } = plans[planOf(tenantId)];
      try {
        setHeaders(response, limits, await union.consume(tenantId));
      } catch (refused) {
        setHeaders(response, limits, refused);
        const [{ msBeforeNext } = {}] = Object.values(refused);
        if (msBeforeNext !== undefined) response.setHeader('retry-after', Math.ceil(msBeforeNext / 1_000));
        return next(
          Object.assign(new Error('Quota exceeded'), { status: msBeforeNext === undefined ? 503 : 429 }),
        );
      }
      next();
    };
  }

  function setHeaders(response, limits, results) {
    const policies = [];
    const states = [];
    for (const { keyPrefix, points, duration } of limits) {
      const name = keyPrefix.slice(prefix.length + 1);
      policies.push(`"${name}";q=${points};w=${duration}`);
      const result = results[keyPrefix];
      // Of limits that did not refuse, a union that refuses tells nothing.
      if (result?.remainingPoints === undefined) continue;
      states.push(`"${name}";r=${result.remainingPoints};t=${Math.ceil(result.msBeforeNext / 1_000)}`);
    }
    response.setHeader('ratelimit-policy', policies.join(', '));
    if (states.length > 0) response.setHeader('ratelimit', states.join(', '));
  }
};
