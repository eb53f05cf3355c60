import { methodNotAllowed } from '@unite/problem/next';
import { startSending } from '@/lib/campaigns/start-sending';
import { requirePermission } from '@/lib/current-session';
import { problems, route, saves } from '@/lib/unite';
import { idempotencyKeyOf } from '@/lib/validate';

type Args = RouteContext<'/api/campaigns/[id]/send'>;

/** Begins; a job does the rest. Sent again with its `Idempotency-Key` it answers as before, without it 409. */
export const POST = route(async (request, { params }: Args) => {
  requirePermission('write campaigns');
  const campaign = await startSending((await params).id, idempotencyKeyOf(request));
  return Response.json(campaign, { status: 202, headers: { location: `/api/campaigns/${campaign.id}` } });
}, saves);

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
