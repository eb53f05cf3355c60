import Link from 'next/link';
import type { Contact, ContactStage } from '@/lib/contacts/contact-types';
import { Avatar } from '../avatar';
import { Icon } from '../icon';
import { TimeAgo } from '../time-ago';
import styles from './contact-list.module.css';
import { StageMark } from './stage-mark';
import { StagePicker } from './stage-picker';

/** A contact in the list. On a narrow screen, what has no column is under a disclosure. */
export function ContactRow({
  contact,
  onStage,
}: {
  readonly contact: Contact;
  readonly onStage: ((contact: Contact, stage: ContactStage) => void) | undefined;
}) {
  const { id, email, company, jobTitle, phone, score, stage, updatedAt } = contact;
  const name = displayName(contact);
  return (
    <tr>
      <th scope="row" className={styles.nameColumn}>
        <span className={styles.name}>
          <Avatar name={contact.name} />
          <Link href={`/contacts/${id}`} prefetch={false} className={styles.open}>
            {name}
          </Link>
        </span>
        <details className={styles.more}>
          <summary>
            More<span className="hidden-visually"> about {name}</span>
          </summary>
          <dl>
            <dt>Email</dt>
            <dd>{email ?? <HiddenByRole />}</dd>
            <dt>Company</dt>
            <dd>{company || '–'}</dd>
            <dt>Title</dt>
            <dd>{jobTitle || '–'}</dd>
            <dt>Phone</dt>
            <dd>{phone === null ? <HiddenByRole /> : phone || '–'}</dd>
            <dt>Score</dt>
            <dd>{score ?? '–'}</dd>
            <dt>Changed</dt>
            <dd>
              <TimeAgo at={updatedAt} />
            </dd>
          </dl>
        </details>
      </th>
      <td className={styles.wide}>{email ?? <HiddenByRole />}</td>
      <td className={styles.wide}>{company}</td>
      <td className={`${styles.widest} ${styles.quiet}`}>{jobTitle}</td>
      <td className={`${styles.widest} ${styles.scoreColumn}`}>
        {score ?? <span className="muted">–</span>}
      </td>
      <td className={styles.stageColumn}>
        {onStage ? (
          <StagePicker stage={stage} name={name} onPick={(picked) => onStage(contact, picked)} />
        ) : (
          <StageMark stage={stage} />
        )}
      </td>
      <td className={`${styles.wide} ${styles.changedColumn} ${styles.quiet}`}>
        <TimeAgo at={updatedAt} />
      </td>
    </tr>
  );
}

/** The name, else the address, else that neither may be shown. */
export function displayName({ name, email }: Pick<Contact, 'name' | 'email'>): string {
  return name || email || 'Unnamed contact';
}

export function HiddenByRole() {
  return (
    <span className={styles.hidden}>
      <Icon name="lock" />
      Hidden by your role
    </span>
  );
}
