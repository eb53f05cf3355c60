import type { NextRequest } from 'next/server';
import { report } from '@/lib/report';
import { route } from '@/lib/unite';

export const GET = route(
  async (request: NextRequest) => Response.json({ ...report(), search: request.nextUrl.search }),
  { context: { route: '/named-by-the-route', timeoutMs: 60_000 } },
);
