import { currentContext } from '@unite/core/context';
import { currentTraceId } from '@unite/tracing';
import { cookies } from 'next/headers';
import { requestFacts } from '@/lib/request-facts';
import type { RequestSummary } from '@/lib/request-summary';
import { roleAllows } from '@/lib/roles';
import { page, tellsServer } from '@/lib/unite';
import { callsLeft } from '@/lib/usage/calls-left';
import { StripDisclosure } from './strip-disclosure';
import { StripSegments } from './strip-segments';

/** What the request behind this screen touched, in the words of what it touched. */
export async function RequestStrip({ reads }: { readonly reads?: Promise<unknown> | undefined }) {
  const hasFailed = await Promise.resolve(reads).then(
    () => false,
    () => true,
  );
  const { request, mayLook } = await page(async () => {
    const { session, node, cacheReads = [], startedAtMs = performance.now() } = requestFacts() ?? {};
    const tookMs = Math.round(performance.now() - startedAtMs);
    const summary: RequestSummary = {
      hasFailed,
      status: 200,
      tookMs,
      requestId: currentContext()?.requestId ?? '',
      traceId: currentTraceId(),
      callsLeft: await callsLeft(),
      cacheReads: cacheReads.toSorted((one, other) => one.name.localeCompare(other.name)),
      ...(node &&
        tellsServer(session) && {
          node: {
            name: node.name,
            said: `${node.role}, port ${node.port ?? 'socket'}`,
            detour: node.detour,
          },
        }),
    };
    const mayLook = session !== undefined && roleAllows(session.role, 'read ops');
    return { request: summary, mayLook };
  });
  const isOpen = (await cookies()).get('crm_strip')?.value !== 'closed';

  return (
    <StripDisclosure isOpen={isOpen}>
      <StripSegments key={request.requestId} ofPage={request} mayLook={mayLook} />
    </StripDisclosure>
  );
}
