import { methodNotAllowed } from '@unite/problem/next';
import { newCampaign } from '@/lib/campaigns/campaign';
import { createCampaign, listCampaigns } from '@/lib/campaigns/campaigns';
import { requirePermission } from '@/lib/current-session';
import { problems, route, saves } from '@/lib/unite';
import { readBody } from '@/lib/validate';

export const GET = route(async () => Response.json(await listCampaigns()));

export const POST = route(async (request) => {
  requirePermission('write campaigns');
  return Response.json(await createCampaign(await readBody(request, newCampaign)), { status: 201 });
}, saves);

const refuse = methodNotAllowed(problems, ['GET', 'POST']);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
