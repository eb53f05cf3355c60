import type { ImportReport as Report, RowOutcome, RowReport } from '@/lib/contacts/import/import-types';
import { StatusMark, type StatusMarkProps } from '../../status-mark';
import { DownloadRejected } from './download-rejected';
import styles from './import-report.module.css';

const shown = 100;

const looks: Readonly<
  Record<RowOutcome, Pick<StatusMarkProps, 'shape' | 'tone'> & { readonly word: string }>
> = {
  ready: { shape: 'half', tone: 'accent', word: 'ready' },
  created: { shape: 'check', tone: 'ok', word: 'created' },
  exists: { shape: 'bars', tone: 'muted', word: 'there already' },
  'no-room': { shape: 'triangle', tone: 'warn', word: 'without room' },
  error: { shape: 'cross', tone: 'critical', word: 'with errors' },
};

const outcomes = Object.keys(looks) as RowOutcome[];

/** What became of a file's rows, or would: how many of each, and every row that was not taken. */
export function ImportReport({ report }: { readonly report: Report }) {
  const { counts, rows, rejected, ignoredColumns } = report;
  const notTaken = rows.filter(({ errors }) => errors.length > 0);
  return (
    <section className={`panel ${styles.report}`} aria-labelledby="import-report">
      <h2 id="import-report">
        {report.dryRun ? 'What would become of' : 'What became of'} {rows.length.toLocaleString('en')}{' '}
        {rows.length === 1 ? 'row' : 'rows'}
      </h2>
      <ul className={styles.counts}>
        {outcomes
          .filter((outcome) => counts[outcome] > 0)
          .map((outcome) => (
            <li key={outcome}>
              <StatusMark shape={looks[outcome].shape} tone={looks[outcome].tone}>
                {counts[outcome].toLocaleString('en')} {looks[outcome].word}
              </StatusMark>
            </li>
          ))}
      </ul>
      {counts['no-room'] > 0 && (
        <p>
          The plan has no room for {counts['no-room'].toLocaleString('en')} of them.{' '}
          <a href="/usage">See what is used, and the plans</a>
        </p>
      )}
      {ignoredColumns.length > 0 && <p>Columns that mean nothing here: {ignoredColumns.join(', ')}.</p>}
      {notTaken.length > 0 && (
        <ol className={styles.rows}>
          {notTaken.slice(0, shown).map((row) => (
            <NotTaken key={row.line} row={row} />
          ))}
        </ol>
      )}
      {notTaken.length > shown && (
        <p className="meta">
          The first {shown} of {notTaken.length.toLocaleString('en')}
        </p>
      )}
      {rejected !== null && <DownloadRejected csv={rejected} />}
    </section>
  );
}

function NotTaken({ row: { line, outcome, errors } }: { readonly row: RowReport }) {
  return (
    <li>
      <StatusMark shape={looks[outcome].shape} tone={looks[outcome].tone}>
        Line {line}
      </StatusMark>
      <ul>
        {errors.map(({ column, message, said }) => (
          <li key={column + message}>
            {column && <strong>{column}: </strong>}
            {message}
            {said && <span className="muted"> – it says “{said}”</span>}
          </li>
        ))}
      </ul>
    </li>
  );
}
