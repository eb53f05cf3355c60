import { type ExpressionBuilder, sql } from 'kysely';
import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import type { Schema } from '../database/schema';
import { read } from '../database/unit-of-work';
import { contactsOf } from './contact-tags';
import type { Contact } from './contact-types';
import { encryptedContacts } from './encrypted-contacts';
import type { ContactQuery } from './list-address';
import { contactsFromRows, type Readable, readableBy } from './rows';

export interface ContactPage {
  readonly contacts: readonly Contact[];
  readonly page: number;
  readonly pageSize: number;
  /** How many match, on all pages. */
  readonly total: number;
}

/** One page of the workspace's contacts, as this person may see them. */
export function listContacts(query: ContactQuery): Promise<ContactPage> {
  const { tenantId, role } = requireSession();
  return pages.get({ tenantId, ...readableBy(role), ...query });
}

interface PageQuery extends ContactQuery, Readable {
  readonly tenantId: string;
}

/** Everything that the loader goes by is part of the key: what one role may see is never shown to another. */
const pages = cached('contacts', {
  scope: 'tenant',
  key: ({ mayReadEmail, mayReadPhone, q, stage, sort, page, pageSize }: PageQuery) => [
    mayReadEmail,
    mayReadPhone,
    q,
    stage ?? null,
    sort,
    page,
    pageSize,
  ],
  tags: ({ tenantId }) => [contactsOf(tenantId)],
  // Readable here, and encrypted in Redis: once the keys are destroyed, nothing outlives this.
  memoryTtlMs: 60_000,
  remoteTtlMs: 15 * 60_000,
  load: readPage,
});

/** Row-level security, not a `where`, keeps other workspaces' contacts out. */
async function readPage(query: PageQuery): Promise<ContactPage> {
  const { stage, sort, page, pageSize } = query;
  const found = await searchOf(query);
  const { rows, total } = await read(async (transaction) => {
    let matching = transaction.selectFrom('contacts');
    if (stage) matching = matching.where('stage', '=', stage);
    if (found) matching = matching.where(found);
    const counted = await matching
      .select(({ fn }) => fn.countAll<string>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching
      .selectAll()
      .orderBy(orders[sort])
      .orderBy('id')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute();
    return { rows, total: Number(counted.total) };
  });
  return { contacts: await contactsFromRows(rows, query), page, pageSize, total };
}

/** People and companies without a name go last. */
const orders = {
  name: sql`nullif(lower(name), '') asc nulls last`,
  company: sql`nullif(lower(company), '') asc nulls last`,
  updated: sql`updated_at desc`,
};

type Where = ExpressionBuilder<Schema, 'contacts'>;

const fewestDigits = 6;

/**
 * Each word in the name or in the company, or as the whole e-mail address; or all of them as the phone number. What is
 * encrypted is found by its index, and only by those who may read it: a hidden address must not be guessed by searching.
 */
async function searchOf({ q, tenantId, mayReadEmail, mayReadPhone }: PageQuery) {
  const words = q.split(/\s+/).filter(Boolean).slice(0, 8);
  if (words.length === 0) return undefined;
  const byIndex = async (column: 'email' | 'phone', value: string) =>
    (await encryptedContacts.find(column, value, { tenantId })).values;
  const emails = await Promise.all(
    words.map((word) => (mayReadEmail && word.includes('@') ? byIndex('email', word) : [])),
  );
  const isPhone = mayReadPhone && q.replace(/\D/g, '').length >= fewestDigits;
  const phones = isPhone ? await byIndex('phone', q) : [];
  return (where: Where) =>
    where.or([
      where.and(
        words.map((word, at) =>
          where.or([
            contains(where, 'name', word),
            contains(where, 'company', word),
            isOneOf(where, 'email_index', emails[at] ?? []),
          ]),
        ),
      ),
      isOneOf(where, 'phone_index', phones),
    ]);
}

function contains(where: Where, column: 'name' | 'company', word: string) {
  return where(column, 'ilike', `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}

function isOneOf(where: Where, column: 'email_index' | 'phone_index', values: readonly string[]) {
  return values.length === 0 ? where.val(false) : where(column, 'in', values);
}
