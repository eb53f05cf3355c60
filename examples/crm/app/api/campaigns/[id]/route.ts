import { methodNotAllowed } from '@unite/problem/next';
import { getCampaign } from '@/lib/campaigns/get-campaign';
import { problems, route } from '@/lib/unite';

type Args = RouteContext<'/api/campaigns/[id]'>;

/** A campaign with its progress. Asked for every second while one is sent, so to look costs nothing. */
export const GET = route(
  async (_request, { params }: Args) => Response.json(await getCampaign((await params).id)),
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
