import { type ContactQuery, listAddress } from '@/lib/contacts/list-address';
import type { ContactPage } from '@/lib/contacts/list-contacts';
import { Icon } from '../icon';
import { ListLink } from './list-link';
import styles from './pager.module.css';

export interface PagerProps {
  readonly query: ContactQuery;
  /** What is shown now. */
  readonly page: ContactPage;
  readonly onStep: () => void;
}

/** Which part of the whole is shown, and the way to the parts beside it. */
export function Pager({ query, page: { page, pageSize, total }, onStep }: PagerProps) {
  const from = (page - 1) * pageSize + 1;
  const to = Math.min(page * pageSize, total);
  const hasNext = to < total;
  return (
    <nav className={styles.pager} aria-label="Pages">
      <p>
        {from.toLocaleString('en')}–{to.toLocaleString('en')} of {total.toLocaleString('en')}
      </p>
      {(page > 1 || hasNext) && (
        <div className={styles.steps}>
          <ListLink
            className="button"
            href={page > 1 ? listAddress({ ...query, page: page - 1 }) : undefined}
            onClick={onStep}
          >
            <Icon name="left" />
            Previous
          </ListLink>
          <ListLink
            className="button"
            href={hasNext ? listAddress({ ...query, page: page + 1 }) : undefined}
            onClick={onStep}
          >
            Next
            <Icon name="right" />
          </ListLink>
        </div>
      )}
    </nav>
  );
}
