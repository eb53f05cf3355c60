import { methodNotAllowed } from '@unite/problem/next';
import { newCampaign } from '@/lib/campaigns/campaign';
import { createCampaign } from '@/lib/campaigns/create-campaign';
import { listCampaigns } from '@/lib/campaigns/list-campaigns';
import { requirePermission } from '@/lib/current-session';
import { problems, route, saves } from '@/lib/unite';
import { idempotencyKeyOf, readBody } from '@/lib/validate';

export const GET = route(async () => Response.json(await listCampaigns()));

/** With an `Idempotency-Key`, a request that is sent again makes no second campaign. */
export const POST = route(async (request) => {
  requirePermission('write campaigns');
  const campaign = await createCampaign(await readBody(request, newCampaign), idempotencyKeyOf(request));
  return Response.json(campaign, { status: 201, headers: { location: `/api/campaigns/${campaign.id}` } });
}, saves);

const refuse = methodNotAllowed(problems, ['GET', 'POST']);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
