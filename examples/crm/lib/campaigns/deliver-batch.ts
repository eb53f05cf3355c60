import { CryptoError } from '@unite/crypto';
import { sql } from 'kysely';
import { encryptedContacts } from '../contacts/encrypted-contacts';
import { write } from '../database/unit-of-work';
import { keepLease, type SendJob } from './send-queue';

/** All that is in memory of a campaign at a time. */
const batchSize = 100;

interface Addressee {
  readonly id: string;
  readonly tenant_id: string;
  /** Encrypted; null when the contact was deleted meanwhile. */
  readonly email: string | null;
}

/**
 * Delivers to the next hundred that wait, and counts them, in one transaction: either both are so or none is. The demo
 * delivers to its own outbox, which is that row; a mail service would be given the address here, and campaign and
 * contact as the key that keeps it from sending twice.
 *
 * @returns whether there may be more
 * @throws LeaseLostError when another process has taken over
 */
export async function deliverBatch(job: SendJob): Promise<boolean> {
  const addressees = await nextAddressees(job);
  if (addressees.length === 0) return false;
  // Before the transaction: it would wait for keys while others wait for its connection.
  const readable = await whoCanBeAddressed(addressees);
  await write(async (transaction) => {
    const decide = async (outcome: 'delivered' | 'failed', ids: readonly string[]): Promise<number> => {
      if (ids.length === 0) return 0;
      const { numUpdatedRows } = await transaction
        .updateTable('campaign_deliveries')
        .set({ outcome, decided_at: sql<Date>`now()` })
        .where('campaign_id', '=', job.campaignId)
        .where('contact_id', 'in', ids)
        .where('outcome', '=', 'waiting')
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    };
    const ids = addressees.map(({ id }) => id);
    const delivered = await decide(
      'delivered',
      ids.filter((id) => readable.has(id)),
    );
    const failed = await decide(
      'failed',
      ids.filter((id) => !readable.has(id)),
    );
    await transaction
      .updateTable('campaigns')
      .set({ delivered: sql<number>`delivered + ${delivered}`, failed: sql<number>`failed + ${failed}` })
      .where('id', '=', job.campaignId)
      .execute();
    await keepLease(transaction, job);
  });
  return addressees.length === batchSize;
}

/** From the primary: a replica may not know of the last batch. */
function nextAddressees({ campaignId }: SendJob): Promise<Addressee[]> {
  return write((transaction) =>
    transaction
      .selectFrom('campaign_deliveries as delivery')
      .leftJoin('contacts', 'contacts.id', 'delivery.contact_id')
      .select(['delivery.contact_id as id', 'delivery.tenant_id as tenant_id', 'contacts.email as email'])
      .where('delivery.campaign_id', '=', campaignId)
      .where('delivery.outcome', '=', 'waiting')
      .orderBy('delivery.contact_id')
      .limit(batchSize)
      .execute(),
  );
}

/** Whose address could be read, by the sender's right to. One that is damaged keeps no other from getting theirs. */
async function whoCanBeAddressed(addressees: readonly Addressee[]): Promise<ReadonlySet<string>> {
  const present = addressees.filter(({ email }) => email !== null);
  try {
    await encryptedContacts.decryptAll(present);
    return new Set(present.map(({ id }) => id));
  } catch (error) {
    if (!isDamage(error)) throw error;
    const each = await Promise.all(present.map(async (row) => ((await canBeRead(row)) ? [row.id] : [])));
    return new Set(each.flat());
  }
}

async function canBeRead(row: Addressee): Promise<boolean> {
  try {
    await encryptedContacts.decrypt(row);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/** The value is what is wrong, rather than the keys or the right to read it. */
function isDamage(error: unknown): boolean {
  return CryptoError.isInstance(error) && damages.has(error.code);
}

const damages: ReadonlySet<string> = new Set([
  'UNITE_CRYPTO_FORMAT_INVALID',
  'UNITE_CRYPTO_VERSION_UNKNOWN',
  'UNITE_CRYPTO_COMMITMENT_MISMATCH',
  'UNITE_CRYPTO_AUTHENTICATION_FAILED',
  'UNITE_CRYPTO_TENANT_MISMATCH',
]);
