import { markUnsendable } from '../classify-error';
import type { PgResult } from '../driver-types';
import type { Lease } from '../node/lease';
import { type Statement, send, sendPrepared, textOf } from '../send';
import { controlsTransaction, isAlone, isBegin } from '../write/transaction-words';

/**
 * Whether a read could write: behind a pooler a connection to the primary cannot be read-only by default, so it
 * has to be told with every transaction.
 */
export function couldWrite({ isOnPrimary, node }: Lease): boolean {
  return isOnPrimary && node.options.pooler === 'transaction';
}

/**
 * Sends a read, on a connection that could write inside a transaction which cannot.
 *
 * @param query the driver's own, where the client's has been replaced
 */
export async function sendReadOnly(
  lease: Lease,
  statement: Statement,
  query = lease.client.query,
): Promise<PgResult> {
  if (!couldWrite(lease)) return sendPrepared(lease, statement);
  const ask = (text: string) => send(lease.client, { query: text, values: undefined }, query);
  const text = textOf(statement.query);
  if (controlsTransaction(text) && !isAlone(text)) throw mixedError();
  if (isBegin(text)) {
    const begun = await send(lease.client, statement, query);
    await ask('SET TRANSACTION READ ONLY');
    return begun;
  }
  if (lease.isInTransaction) return send(lease.client, statement, query);
  await ask('BEGIN READ ONLY');
  try {
    return await send(lease.client, statement, query);
  } finally {
    await ask('ROLLBACK').catch(() => undefined);
  }
}

function mixedError(): TypeError {
  const error = new TypeError(
    'readOnly: behind a pooler a text must not begin or end a transaction among other statements',
  );
  markUnsendable(error);
  return error;
}
