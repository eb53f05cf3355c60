import Link from 'next/link';
import { planLabels } from '@/lib/plan-labels';
import { requestFacts } from '@/lib/request-facts';
import { roleAllows } from '@/lib/roles';
import { page } from '@/lib/unite';
import { Avatar } from '../avatar';
import { Icon } from '../icon';
import { Logo } from './logo';
import { NavLinks } from './nav-links';
import { SignOut } from './sign-out';
import styles from './top-bar.module.css';

/** Where you are, as whom, and where you can go. */
export async function TopBar() {
  const session = await page(() => requestFacts()?.session);
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <Link className={styles.home} href="/" prefetch={false} aria-label="Unite CRM, all workspaces">
          <Logo />
          {!session && <span className={styles.product}>Unite CRM</span>}
        </Link>
        {session && (
          <>
            <p className={styles.workspace}>
              <span className={styles.workspaceName}>{session.tenantName}</span>
              <span className="tag">{planLabels[session.plan]}</span>
            </p>
            <nav className={styles.wideNavigation} aria-label="Main">
              <NavLinks showsOps={roleAllows(session.role, 'read ops')} />
            </nav>
            <details className={styles.person} name="top-bar">
              <summary>
                <Avatar name={session.userName} />
                <span className={styles.personName}>
                  {session.userName}, {session.role}
                </span>
                <Icon name="down" />
              </summary>
              <div className={styles.menu}>
                <p className="meta">
                  Signed in as {session.userName}, {session.role} of {session.tenantName}
                </p>
                <Link href="/" prefetch={false}>
                  Switch person or workspace
                </Link>
                <SignOut />
              </div>
            </details>
            <details className={styles.narrowNavigation} name="top-bar">
              <summary aria-label="Menu">
                <Icon name="menu" />
              </summary>
              <nav className={styles.menu} aria-label="Main">
                <NavLinks showsOps={roleAllows(session.role, 'read ops')} />
              </nav>
            </details>
          </>
        )}
      </div>
    </header>
  );
}
