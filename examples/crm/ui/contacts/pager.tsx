import Link from 'next/link';
import type { ContactQuery } from '@/lib/contacts/contact';
import { listAddress } from '@/lib/contacts/list-address';
import { Icon } from '../icon';
import styles from './pager.module.css';

export interface PagerProps {
  readonly query: ContactQuery;
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
}

/** Which part of the whole is shown, and the way to the parts beside it. */
export function Pager({ query, page, pageSize, total }: PagerProps) {
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
          <Step label="Previous" icon="left" href={page > 1 && listAddress({ ...query, page: page - 1 })} />
          <Step label="Next" icon="right" href={hasNext && listAddress({ ...query, page: page + 1 })} />
        </div>
      )}
    </nav>
  );
}

function Step({ label, icon, href }: { label: string; icon: 'left' | 'right'; href: string | false }) {
  const content =
    icon === 'left' ? [<Icon key="icon" name={icon} />, label] : [label, <Icon key="icon" name={icon} />];
  if (href === false) {
    return (
      <span className="button" aria-disabled="true">
        {content}
      </span>
    );
  }
  return (
    <Link className="button" href={href} prefetch={false}>
      {content}
    </Link>
  );
}
