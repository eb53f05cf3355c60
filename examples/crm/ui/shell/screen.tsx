import { Suspense } from 'react';
import { RequestStrip } from '../strip/request-strip';
import styles from './screen.module.css';

export interface ScreenProps {
  readonly title: string;
  /** One line under the title. */
  readonly summary?: React.ReactNode;
  /** Where this screen was reached from. */
  readonly back?: React.ReactNode;
  readonly actions?: React.ReactNode;
  /** What the screen reads; the request strip tells about it once it is done. */
  readonly reads?: Promise<unknown>;
  readonly children: React.ReactNode;
}

/** What every screen has: a heading, its content, and what the request touched. */
export function Screen({ title, summary, back, actions, reads, children }: ScreenProps) {
  return (
    <div className={styles.screen}>
      {back && <nav aria-label="Breadcrumb">{back}</nav>}
      <div className={styles.head}>
        <div>
          <h1>{title}</h1>
          {summary && <div className={styles.summary}>{summary}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
      <Suspense>
        <RequestStrip reads={reads} />
      </Suspense>
    </div>
  );
}
