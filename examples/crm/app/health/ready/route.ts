import { db } from '@/lib/unite';

export const dynamic = 'force-dynamic';

/** Requests may be sent here: the primary answers. A replica that is down slows reads, and is said. */
export async function GET(): Promise<Response> {
  const { primary, replicasUp, replicas } = await db.check();
  const status = !primary ? 'down' : replicasUp < replicas ? 'degraded' : 'ok';
  return Response.json(
    { status, checks: { primary: primary ? 'ok' : 'down', replicas: `${replicasUp} of ${replicas} up` } },
    { status: primary ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
