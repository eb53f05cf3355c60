import { currentContext } from '@unite/core/context';
import { currentTraceId } from '@unite/tracing';
import { problem, route } from '../../../../lib/unite';

interface Args {
  params: Promise<{ id: string }>;
}

let renders = 0;

export const GET = route(
  async (_request: Request, { params }: Args) => {
    const { id } = await params;
    if (id === 'none') throw problem('no-contact');
    if (id === 'broken') throw new Error('secret');
    renders += 1;
    return Response.json({ id, renders, route: currentContext()?.route, traceId: currentTraceId() });
  },
  { cache: { scope: 'tenant', ttlMs: 60_000 } },
);

export const POST = route(async () => new Response(null, { status: 204 }), {
  quota: { use: { apiCalls: 1 } },
});
