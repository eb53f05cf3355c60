import { db, redis } from '@/lib/unite';

export const dynamic = 'force-dynamic';

/** Requests may be sent here: the primary answers. A replica or Redis that is down is said, and costs only speed. */
export async function GET(): Promise<Response> {
  const [{ primary, replicasUp, replicas }, redisAnswers] = await Promise.all([db.check(), redis?.check()]);
  const isDegraded = replicasUp < replicas || redisAnswers === false;
  const checks = {
    primary: primary ? 'ok' : 'down',
    replicas: `${replicasUp} of ${replicas} up`,
    redis: redisAnswers === undefined ? 'not configured' : redisAnswers ? 'ok' : 'down',
  };
  return Response.json(
    { status: !primary ? 'down' : isDegraded ? 'degraded' : 'ok', checks },
    { status: primary ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
