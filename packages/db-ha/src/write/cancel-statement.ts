import { classifyError } from '../classify-error';
import type { Lease } from '../node/lease';
import type { Interrupted } from '../operation';
import type { Settings } from '../settings';

/** How long a cancelled statement's verdict is waited for. */
const verdictMs = 250;

/**
 * Asks the server to cancel what it is doing on a connection. Over another connection to the same server
 * process: behind a pooler, or after a restart, the process id would be somebody else's.
 *
 * @returns whether it was asked; the statement may still complete
 */
export async function cancelStatement({ node, server }: Lease, settings: Settings): Promise<boolean> {
  const { startedAt, backendPid } = server;
  if (node.options.pooler === 'transaction' || node.report?.startedAt !== startedAt) return false;
  try {
    await node.control.ask(
      (client) => client.query('SELECT pg_cancel_backend($1)', [backendPid]),
      settings.probeTimeoutMs,
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends an interrupted statement, and tells whether the server has said that it took no effect. A success
 * does not count: it may be a commit that stopped waiting for its replicas because of the cancel.
 */
export async function isRolledBack(
  lease: Lease,
  sent: Promise<unknown>,
  { interruption }: Interrupted,
  settings: Settings,
): Promise<boolean> {
  // A primary that was replaced is not asked for anything any more.
  if (interruption === 'fenced' || !(await cancelStatement(lease, settings))) return false;
  const verdict = sent.then(
    () => undefined,
    (error: unknown) => error,
  );
  const timer = new AbortController();
  const timeout = settings.clock.sleep(verdictMs, timer.signal).catch(() => undefined);
  const error = await Promise.race([verdict, timeout]);
  timer.abort();
  return error !== undefined && classifyError(error) === 'statement';
}
