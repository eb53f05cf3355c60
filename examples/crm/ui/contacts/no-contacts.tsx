import Link from 'next/link';
import { type ContactQuery, listAddress } from '@/lib/contacts/list-address';
import { EmptyState } from '../empty-state';
import { ListLink } from './list-link';

interface NoContactsProps {
  readonly query: ContactQuery;
  readonly total: number;
  readonly mayWrite: boolean;
}

/** Why there is none to show, and the way on. */
export function NoContacts({ query, total, mayWrite }: NoContactsProps) {
  if (total > 0) {
    return (
      <EmptyState title={`There is no page ${query.page}`}>
        <ListLink className="button" href={listAddress({ ...query, page: 1 })}>
          Go to the first page
        </ListLink>
      </EmptyState>
    );
  }
  if (query.q || query.stage) {
    return (
      <EmptyState title={query.q ? `Nobody matches “${query.q}”` : 'Nobody is at this stage'}>
        <ListLink className="button" href="/contacts">
          Clear search and filters
        </ListLink>
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
      {mayWrite && <Link href="/contacts/import">or import a file</Link>}
    </EmptyState>
  );
}
