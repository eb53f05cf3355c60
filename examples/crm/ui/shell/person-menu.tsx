import Link from 'next/link';
import type { Session } from '@/lib/session';
import { Avatar } from '../avatar';
import { Icon } from '../icon';
import { SignOut } from './sign-out';
import styles from './top-bar.module.css';

/** As whom you are here, and the ways out. A popover of the browser's: Escape and a click elsewhere close it. */
export function PersonMenu({ session: { userName, role, tenantName } }: { readonly session: Session }) {
  return (
    <div className={styles.person}>
      <button type="button" className={styles.opener} popoverTarget="person">
        <Avatar name={userName} />
        <span className={styles.personName}>
          {userName}, {role}
        </span>
        <Icon name="down" />
      </button>
      <div id="person" popover="auto" className={styles.menu}>
        <p className="meta">
          Signed in as {userName}, {role} of {tenantName}
        </p>
        <Link href="/" prefetch={false}>
          Switch person or workspace
        </Link>
        <SignOut />
      </div>
    </div>
  );
}
