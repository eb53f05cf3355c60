import { currentContext } from '@unite/core/context';
import { cookies } from 'next/headers';
import { requestFacts } from '@/lib/request-facts';
import { roleAllows } from '@/lib/roles';
import { page } from '@/lib/unite';
import { StatusMark } from '../status-mark';
import styles from './request-strip.module.css';
import { StripDisclosure } from './strip-disclosure';

/** What the request behind this screen touched, in the words of what it touched. */
export async function RequestStrip({ reads }: { readonly reads?: Promise<unknown> | undefined }) {
  const hasFailed = await Promise.resolve(reads).then(
    () => false,
    () => true,
  );
  const request = await page(() => {
    const { session, node, startedAtMs = performance.now() } = requestFacts() ?? {};
    return {
      node,
      explains: session && roleAllows(session.role, 'ops.read') ? '/ops' : '/health/ready',
      tookMs: Math.round(performance.now() - startedAtMs),
      requestId: currentContext()?.requestId ?? '',
    };
  });
  const isOpen = (await cookies()).get('crm_strip')?.value !== 'closed';

  return (
    <StripDisclosure isOpen={isOpen}>
      <ul className={styles.segments}>
        <li>
          {hasFailed ? (
            <StatusMark shape="cross" tone="critical">
              Failed, {request.tookMs} ms
            </StatusMark>
          ) : (
            <StatusMark shape="check" tone="ok">
              200, {request.tookMs} ms
            </StatusMark>
          )}
        </li>
        {request.node && (
          <li>
            <a
              href={request.explains}
              title={`The server said: ${request.node.role}, port ${request.node.port ?? 'socket'}`}
            >
              {request.node.name}
            </a>
            {request.node.detour && ` (${request.node.detour})`}
          </li>
        )}
        <li title={request.requestId}>
          request <code>{request.requestId.slice(0, 8)}</code>
        </li>
      </ul>
    </StripDisclosure>
  );
}
