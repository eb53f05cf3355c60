import { report } from '@/lib/report';
import { route } from '@/lib/unite';

export const GET = route(async (_request, { params }: RouteContext<'/api/things/[id]'>) => {
  const { id } = await params;
  return Response.json({ ...report(), id });
});
