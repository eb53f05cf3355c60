import type { PgClient } from '../driver-types';

/**
 * Ends a connection without waiting for the server, which may be frozen and would keep a polite goodbye, the
 * socket and the process waiting. Drivers without a `pg`-like socket are left to their own ways.
 */
export function hangUp(client: PgClient): void {
  const { connection } = client as { connection?: { stream?: { destroy?: () => void } } };
  connection?.stream?.destroy?.();
}
