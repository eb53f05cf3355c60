import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema';
import { problems } from '../unite';
import type { CustomChanges } from './custom-field-types';

/**
 * Keeps the fields of these values from being deleted until the transaction has ended, so that no value is left behind
 * without its field.
 *
 * @throws ProblemError `validation` for those that somebody has deleted meanwhile
 */
export async function holdFields(transaction: Kysely<Schema>, values: CustomChanges): Promise<void> {
  const ids = Object.keys(values);
  if (ids.length === 0) return;
  const held = await transaction
    .selectFrom('custom_fields')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .forShare()
    .execute();
  const gone = ids.filter((id) => !held.some((field) => field.id === id));
  if (gone.length === 0) return;
  throw problems.error('validation', {
    detail: 'A field was deleted meanwhile. Nothing was saved.',
    errors: gone.map((id) => ({ field: `custom.${id}`, message: 'This field does not exist any more' })),
  });
}
