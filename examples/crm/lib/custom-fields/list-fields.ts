import { sql } from 'kysely';
import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import { read } from '../database/unit-of-work';
import { plans } from '../plans';
import { customFieldsOf } from './custom-field-tags';
import type { CustomField, CustomFieldList } from './custom-field-types';

/** The fields of the workspace, the oldest first: no more than its plan holds. */
export function listFields(): Promise<readonly CustomField[]> {
  const { tenantId } = requireSession();
  return fields.get({ tenantId });
}

/** The same with how many contacts have a value, which no cache remembers. */
export async function listFieldsInUse(): Promise<CustomFieldList> {
  const { plan } = requireSession();
  const defined = await listFields();
  const counts = await read(async (transaction) => {
    const { rows } = await sql<{ id: string; contacts: string }>`
      select key as id, count(*) as contacts
        from contacts, jsonb_object_keys(custom) as key
       group by key`.execute(transaction);
    return new Map(rows.map(({ id, contacts }) => [id, Number(contacts)]));
  });
  return {
    fields: defined.map((field) => ({ ...field, contacts: counts.get(field.id) ?? 0 })),
    limit: plans.byName.get(plan)?.resources.get('customFields') ?? null,
  };
}

const fields = cached('custom-fields', {
  scope: 'tenant',
  key: ({ tenantId }: { readonly tenantId: string }) => [tenantId],
  tags: ({ tenantId }) => [customFieldsOf(tenantId)],
  memoryTtlMs: 5 * 60_000,
  remoteTtlMs: 15 * 60_000,
  load: () =>
    read(
      (transaction): Promise<CustomField[]> =>
        transaction
          .selectFrom('custom_fields')
          .select(['id', 'label', 'kind', 'options'])
          .orderBy('created_at')
          .orderBy('id')
          .execute(),
    ),
});
