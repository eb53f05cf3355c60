import type { PgClient } from '../driver-types';

/** `I`: none is open. `T`: one is. `E`: one is, and has failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Hears what the server says with every end of an answer, for drivers that do not tell: `pg` before 8.21. */
export function followTransactionStatus(client: PgClient, hear: (status: TransactionStatus) => void): void {
  if (client.getTransactionStatus) return;
  const { connection } = client as {
    connection?: {
      on?: (event: 'readyForQuery', listener: (message: { status: TransactionStatus }) => void) => void;
    };
  };
  connection?.on?.('readyForQuery', ({ status }) => hear(status));
}
