import { buildConnector } from 'undici';
import { OpsError } from '../errors';

/**
 * Opens one connection and closes it, before anybody comes: with TLS where the target has it, and without a request.
 *
 * @throws OpsError `UNITE_OPS_LOAD_UNREACHABLE`
 */
export async function reachTarget(target: URL, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const connect = buildConnector({ timeout: timeoutMs });
  const { protocol, port, host, origin } = target;
  // A URL has an IPv6 address in brackets, a socket has not.
  const hostname = target.hostname.replace(/^\[|\]$/g, '');
  let giveUp = () => {};
  await new Promise<void>((resolve, reject) => {
    // A run that nobody waits for has no use for a target.
    giveUp = resolve;
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) resolve();
    connect({ protocol, hostname, port, host }, (error, socket) => {
      socket?.destroy();
      if (error) reject(unreachable(origin, error));
      else resolve();
    });
  }).finally(() => signal?.removeEventListener('abort', giveUp));
}

function unreachable(origin: string, cause: Error): OpsError {
  const { code } = cause as { code?: unknown };
  // Where a name has several addresses, the error of all has no message.
  const why = cause.message || String(code);
  return new OpsError('UNITE_OPS_LOAD_UNREACHABLE', `${origin} does not answer: ${why}`, { cause });
}
