import { createHash, randomUUID } from 'node:crypto';
import type { Insertable, Kysely } from 'kysely';
import { presentValues } from '../../custom-fields/custom-values';
import { holdFields } from '../../custom-fields/hold-fields';
import { claimRoom } from '../../database/claim-place';
import type { Schema } from '../../database/schema';
import { write } from '../../database/unit-of-work';
import type { Session } from '../../session';
import { problems } from '../../unite';
import type { NewContact } from '../contact';
import { encryptedContacts } from '../encrypted-contacts';
import { indexesOf, takenOf } from './taken-addresses';

type SavedOutcome = 'created' | 'exists' | 'no-room';

/**
 * Saves contacts in one transaction: those whose address nobody has, and for which there is room.
 *
 * @returns what became of each, in their order; the same again where the key is repeated
 * @throws ProblemError `idempotency-key-reused` when the key came with other contacts
 */
export async function saveBatch(
  contacts: readonly NewContact[],
  { tenantId }: Session,
  idempotencyKey: string | undefined,
): Promise<readonly SavedOutcome[]> {
  const fingerprint = createHash('sha256').update(JSON.stringify(contacts)).digest('base64url');
  // Before the transaction: it would wait for keys while others wait for its connection.
  const sealed = await Promise.all(contacts.map((contact) => sealedOf(contact, tenantId)));
  const custom = Object.assign({}, ...contacts.map((contact) => contact.custom));
  const saved = await write(
    async (transaction) => {
      let room = await claimRoom(transaction, 'contacts');
      await holdFields(transaction, custom);
      const taken = await takenOf(
        transaction,
        sealed.flatMap(({ indexes }) => indexes),
      );
      const planned = sealed.map(({ indexes }): SavedOutcome => {
        if (indexes.some((index) => taken.has(index))) return 'exists';
        return room-- > 0 ? 'created' : 'no-room';
      });
      const created = await insert(
        transaction,
        sealed.flatMap(({ row }, at) => (planned[at] === 'created' ? [row] : [])),
      );
      const outcomes = sealed.map(({ row }, at): SavedOutcome => {
        const outcome = planned[at] ?? 'exists';
        return outcome === 'created' && !created.has(row.id) ? 'exists' : outcome;
      });
      // Kept with the key, where no row-level security reaches: nothing about the people.
      return { fingerprint, outcomes };
    },
    { idempotencyKey },
  );
  if (saved.fingerprint === fingerprint) return saved.outcomes;
  throw problems.error('idempotency-key-reused', {
    detail: 'This Idempotency-Key has come with another import before. Nothing was saved now.',
  });
}

/** The ids of those that were added: somebody may have changed a contact to the same address meanwhile. */
async function insert(
  transaction: Kysely<Schema>,
  rows: readonly Insertable<Schema['contacts']>[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const added = await transaction
    .insertInto('contacts')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'email_index']).doNothing())
    .returning('id')
    .execute();
  return new Set(added.map(({ id }) => id));
}

async function sealedOf({ jobTitle, phone, custom, ...fields }: NewContact, tenantId: string) {
  const row = await encryptedContacts.encrypt({
    id: randomUUID(),
    tenant_id: tenantId,
    job_title: jobTitle,
    phone: phone || null,
    custom: presentValues(custom),
    ...fields,
  });
  return { row, indexes: await indexesOf(fields.email, tenantId) };
}
