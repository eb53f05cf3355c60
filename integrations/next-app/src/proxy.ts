import { type NextRequest, NextResponse } from 'next/server';
import { processId, sealed } from './lib/unite';

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const tenantId = request.headers.get('x-test-tenant') ?? undefined;
  const headers = await sealed.seal(request, tenantId ? { tenantId, userId: 'u1', plan: 'pro' } : undefined);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('x-proxy-process-id', processId);
  return response;
}

export const config = { matcher: ['/api/things/:path*', '/pages/:path*'] };
