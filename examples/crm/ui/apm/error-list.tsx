import type { ErrorEvent } from '@unite/apm';
import Link from 'next/link';
import { timeOfDay } from '../ops/units';
import { StatusMark } from '../status-mark';
import styles from './panels.module.css';

interface ErrorListProps {
  readonly errors: readonly ErrorEvent[];
  /** How many there are in all. */
  readonly total: number;
  readonly action?: React.ReactNode;
}

/** What went wrong, the newest first. */
export function ErrorList({ errors, total, action }: ErrorListProps) {
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="errors">
      <div className={styles.head}>
        <h2 id="errors">Errors</h2>
        <p className="meta">
          {total > errors.length ? `The last ${errors.length} of ${total}` : 'The newest first'}
        </p>
      </div>
      {errors.length === 0 ? (
        <p className={styles.empty}>Nothing went wrong since this process started.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Error</th>
              <th scope="col" className={styles.state}>
                Kind
              </th>
              <th scope="col" className={styles.wide}>
                Release
              </th>
              <th scope="col" className={styles.wide}>
                At, UTC
              </th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ id, atMs, kind, isHandled, exceptions: [{ type, message }], route, service }) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={`/ops/apm/errors/${id}`} prefetch={false}>
                    {type}: {message}
                  </Link>
                  {route && <span className={styles.note}>{route}</span>}
                </th>
                <td className={styles.state}>
                  <StatusMark shape={isHandled ? 'half' : 'cross'} tone={isHandled ? 'warn' : 'critical'}>
                    {kind.replace('-', ' ')}
                  </StatusMark>
                </td>
                <td className={styles.wide}>{service.release ?? '–'}</td>
                <td className={styles.wide}>{timeOfDay(atMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {action}
    </section>
  );
}
