import Link from 'next/link';
import type { ContactQuery } from '@/lib/contacts/contact';
import { listAddress } from '@/lib/contacts/list-address';
import type { ContactPage } from '@/lib/contacts/list-contacts';
import { EmptyState } from '../empty-state';
import styles from './contact-list.module.css';
import { ContactRow } from './contact-row';
import { Pager } from './pager';

export interface ContactListProps {
  readonly query: ContactQuery;
  readonly reads: Promise<ContactPage>;
  readonly mayWrite: boolean;
}

/** One page of contacts, or why there is none. */
export async function ContactList({ query, reads, mayWrite }: ContactListProps) {
  const { contacts, total, page, pageSize } = await reads;
  if (contacts.length === 0) return <NoContacts query={query} total={total} mayWrite={mayWrite} />;
  return (
    <>
      <div className={styles.frame}>
        <table className={styles.table}>
          <caption className="hidden-visually">
            {total.toLocaleString('en')} contacts, sorted by{' '}
            {query.sort === 'updated' ? 'last change' : query.sort}
          </caption>
          <thead>
            <tr>
              <SortHeader query={query} sort="name" label="Name" className={styles.nameColumn} />
              <th scope="col" className={`${styles.wide} ${styles.emailColumn}`}>
                Email
              </th>
              <SortHeader query={query} sort="company" label="Company" className={styles.wide} />
              <th scope="col" className={styles.widest}>
                Title
              </th>
              <th scope="col" className={styles.stageColumn}>
                Stage
              </th>
              <SortHeader
                query={query}
                sort="updated"
                label="Changed"
                className={`${styles.wide} ${styles.changedColumn}`}
              />
            </tr>
          </thead>
          <tbody>
            {contacts.map((contact) => (
              <ContactRow key={contact.id} contact={contact} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager query={query} page={page} pageSize={pageSize} total={total} />
    </>
  );
}

interface SortHeaderProps {
  readonly query: ContactQuery;
  readonly sort: ContactQuery['sort'];
  readonly label: string;
  readonly className: string | undefined;
}

function SortHeader({ query, sort, label, className }: SortHeaderProps) {
  const isCurrent = query.sort === sort;
  const direction = sort === 'updated' ? 'descending' : 'ascending';
  return (
    <th scope="col" className={className} aria-sort={isCurrent ? direction : undefined}>
      <Link
        href={listAddress({ ...query, sort, page: 1 })}
        prefetch={false}
        title={`Sort by ${label.toLowerCase()}`}
      >
        {label}
        <span aria-hidden="true">{isCurrent ? (direction === 'ascending' ? '↑' : '↓') : ''}</span>
      </Link>
    </th>
  );
}

function NoContacts({ query, total, mayWrite }: { query: ContactQuery; total: number; mayWrite: boolean }) {
  if (total > 0) {
    return (
      <EmptyState title={`There is no page ${query.page}`}>
        <Link className="button" href={listAddress({ ...query, page: 1 })}>
          Go to the first page
        </Link>
      </EmptyState>
    );
  }
  if (query.q || query.stage) {
    return (
      <EmptyState title={query.q ? `Nobody matches “${query.q}”` : 'Nobody is at this stage'}>
        <Link className="button" href="/contacts">
          Clear search and filters
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No contacts yet">
      {mayWrite && (
        <Link className="button button-primary" href="/contacts/new">
          Add the first one
        </Link>
      )}
    </EmptyState>
  );
}
