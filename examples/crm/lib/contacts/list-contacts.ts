import { type ExpressionBuilder, sql } from 'kysely';
import { cached } from '../cache/cached';
import { requireSession } from '../current-session';
import type { Schema } from '../database/schema';
import { read } from '../database/unit-of-work';
import { roleAllows } from '../roles';
import { contactsOf } from './contact-tags';
import type { Contact } from './contact-types';
import type { ContactQuery } from './list-address';
import { contactFromRow } from './rows';

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
  return pages.get({ tenantId, mayReadEmail: roleAllows(role, 'contacts.readEmail'), ...query });
}

interface PageQuery extends ContactQuery {
  readonly tenantId: string;
  readonly mayReadEmail: boolean;
}

/** Everything that the loader goes by is part of the key: what one role may see is never shown to another. */
const pages = cached('contacts', {
  scope: 'tenant',
  key: ({ mayReadEmail, q, stage, sort, page, pageSize }: PageQuery) => [
    mayReadEmail,
    q,
    stage ?? null,
    sort,
    page,
    pageSize,
  ],
  tags: ({ tenantId }) => [contactsOf(tenantId)],
  memoryTtlMs: 5 * 60_000,
  remoteTtlMs: 15 * 60_000,
  load: readPage,
});

/** Row-level security, not a `where`, keeps other workspaces' contacts out. */
function readPage({ mayReadEmail, q, stage, sort, page, pageSize }: PageQuery): Promise<ContactPage> {
  return read(async (transaction) => {
    let matching = transaction.selectFrom('contacts');
    if (stage) matching = matching.where('stage', '=', stage);
    for (const word of q.split(/\s+/).filter(Boolean).slice(0, 8)) {
      // A hidden address must not be guessed by searching for it.
      const columns = mayReadEmail ? searchedColumns : searchedColumns.filter((column) => column !== 'email');
      matching = matching.where((where) => where.or(columns.map((column) => contains(where, column, word))));
    }
    const { total } = await matching
      .select(({ fn }) => fn.countAll<string>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching
      .selectAll()
      .orderBy(orders[sort])
      .orderBy('id')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute();
    return {
      contacts: rows.map((row) => contactFromRow(row, mayReadEmail)),
      page,
      pageSize,
      total: Number(total),
    };
  });
}

/** People and companies without a name go last. */
const orders = {
  name: sql`nullif(lower(name), '') asc nulls last`,
  company: sql`nullif(lower(company), '') asc nulls last`,
  updated: sql`updated_at desc`,
};

const searchedColumns = ['name', 'company', 'email'] as const;

function contains(
  where: ExpressionBuilder<Schema, 'contacts'>,
  column: (typeof searchedColumns)[number],
  word: string,
) {
  return where(column, 'ilike', `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
