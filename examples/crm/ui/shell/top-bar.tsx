import { cookies } from 'next/headers';
import Link from 'next/link';
import { env } from '@/lib/env';
import { planLabels } from '@/lib/plan-labels';
import { requestFacts } from '@/lib/request-facts';
import { roleAllows } from '@/lib/roles';
import { page } from '@/lib/unite';
import { DrillMenu } from '../drills/drill-menu';
import { Icon } from '../icon';
import { Logo } from './logo';
import { NavLinks } from './nav-links';
import { PersonMenu } from './person-menu';
import styles from './top-bar.module.css';
import { TryThisPlace } from './try-this-place';

/** Where you are, as whom, and where you can go. */
export async function TopBar() {
  const session = await page(() => requestFacts()?.session);
  const isTrying = env.isDemo && (await cookies()).get('crm_try')?.value !== 'hidden';
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
            <div className={styles.tools}>
              {isTrying && <TryThisPlace />}
              {roleAllows(session.role, 'read ops') && <DrillMenu />}
              <PersonMenu session={session} />
              <div className={styles.narrowNavigation}>
                <button type="button" className={styles.opener} popoverTarget="menu" aria-label="Menu">
                  <Icon name="menu" />
                </button>
                <nav id="menu" popover="auto" className={styles.menu} aria-label="Main">
                  <NavLinks showsOps={roleAllows(session.role, 'read ops')} />
                </nav>
              </div>
            </div>
          </>
        )}
      </div>
    </header>
  );
}
