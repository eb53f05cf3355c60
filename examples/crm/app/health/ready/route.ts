import { redisAnswers } from '@/lib/redis';
import { db, redis } from '@/lib/unite';

export const dynamic = 'force-dynamic';

/** Less than what asks this waits for an answer. */
const timeoutMs = 900;

/** Requests may be sent here: there is a primary. A replica or Redis that is down is said, and costs only speed. */
export async function GET(): Promise<Response> {
  const [{ primary, nodes }, hasRedis] = await Promise.all([
    db.ready({ timeoutMs }).catch(() => db.status()),
    redis && redisAnswers(redis),
  ]);
  const others = nodes.filter(({ name }) => name !== primary);
  const othersUp = others.filter(({ state }) => state === 'up').length;
  const isDegraded = othersUp < others.length || hasRedis === false;
  const checks = {
    primary: primary ? 'ok' : 'down',
    replicas: `${othersUp} of ${primary ? others.length : others.length - 1} up`,
    redis: hasRedis === undefined ? 'not configured' : hasRedis ? 'ok' : 'down',
  };
  return Response.json(
    { status: !primary ? 'down' : isDegraded ? 'degraded' : 'ok', checks },
    { status: primary ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
