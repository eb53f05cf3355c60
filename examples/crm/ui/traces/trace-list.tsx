import type { TraceSummary } from '@unite/tracing/store';
import Link from 'next/link';
import { duration, timeOfDay } from '../ops/units';
import { StatusMark } from '../status-mark';
import styles from './trace-list.module.css';

/** Requests, one a line. */
export function TraceList({ traces }: { readonly traces: readonly TraceSummary[] }) {
  return (
    <div className={`panel ${styles.frame}`}>
      <table className={styles.table}>
        <caption className="hidden-visually">{traces.length} traces, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col" className={styles.status}>
              Outcome
            </th>
            <th scope="col" className={styles.number}>
              Took
            </th>
            <th scope="col" className={`${styles.number} ${styles.wide}`}>
              Spans
            </th>
            <th scope="col" className={`${styles.number} ${styles.wide}`}>
              At, UTC
            </th>
          </tr>
        </thead>
        <tbody>
          {traces.map(({ traceId, name, hasError, durationMs, spans, startedAtMs }) => (
            <tr key={traceId}>
              <th scope="row">
                <Link href={`/ops/traces/${traceId}`} prefetch={false}>
                  {name}
                </Link>
              </th>
              <td>
                {hasError ? (
                  <StatusMark shape="cross" tone="critical">
                    Failed
                  </StatusMark>
                ) : (
                  <StatusMark shape="check" tone="ok">
                    Fine
                  </StatusMark>
                )}
              </td>
              <td className={styles.number}>{duration(durationMs)}</td>
              <td className={`${styles.number} ${styles.wide}`}>{spans}</td>
              <td className={`${styles.number} ${styles.wide}`}>{timeOfDay(startedAtMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
