import type { Contact, ContactStage } from '@/lib/contacts/contact-types';
import { type ContactQuery, listAddress } from '@/lib/contacts/list-address';
import type { ContactPage } from '@/lib/contacts/list-contacts';
import styles from './contact-list.module.css';
import { ContactRow } from './contact-row';
import { ListLink } from './list-link';

export interface ContactTableProps {
  readonly query: ContactQuery;
  readonly page: ContactPage;
  /** Absent for those who may not change it. */
  readonly onStage: ((contact: Contact, stage: ContactStage) => void) | undefined;
}

/** One page of contacts. */
export function ContactTable({ query, page: { contacts, total }, onStage }: ContactTableProps) {
  return (
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
            <th scope="col" className={`${styles.widest} ${styles.scoreColumn}`}>
              Score
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
            <ContactRow key={contact.id} contact={contact} onStage={onStage} />
          ))}
        </tbody>
      </table>
    </div>
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
      <ListLink href={listAddress({ ...query, sort, page: 1 })} title={`Sort by ${label.toLowerCase()}`}>
        {label}
        <span aria-hidden="true">{isCurrent ? (direction === 'ascending' ? '↑' : '↓') : ''}</span>
      </ListLink>
    </th>
  );
}
