'use client';

import { useState } from 'react';
import {
  maxImportBytes,
  maxImportRows,
  type ImportReport as Report,
} from '@/lib/contacts/import/import-types';
import { Field } from '../../form/field';
import styles from '../../form/form.module.css';
import { ProblemNotice } from '../../form/problem-notice';
import { useProblemForm } from '../../form/use-problem-form';
import { FilePicker } from './file-picker';
import { ImportReport } from './import-report';

const limits = `${maxImportRows.toLocaleString('en')} rows and ${maxImportBytes / 1_000_000} MB at most.`;

/** Checks a file first; imports it once one has seen what would become of its rows. */
export function ImportForm({ customLabels }: { readonly customLabels: readonly string[] }) {
  const [report, setReport] = useState<Report>();
  const isChecked = report?.dryRun === true && report.counts.ready > 0;
  const form = useProblemForm<Report>({
    method: 'POST',
    url: '/api/contacts/import',
    maxLength: maxImportBytes,
    body: ({ csv }) => ({ csv, dryRun: !isChecked }),
    onSaved: setReport,
  });
  const { errorOf, isPending } = form;
  const headings = ['Email', 'Name', 'Company', 'Title', 'Phone', 'Stage', 'Score', 'Notes', ...customLabels];

  function take(text: string) {
    const control = form.props.ref.current?.elements.namedItem('csv');
    if (control instanceof HTMLTextAreaElement) control.value = text;
    setReport(undefined);
  }

  return (
    <form {...form.props} aria-label="Import contacts">
      <ProblemNotice failure={form.failure} />
      <div className={`${styles.fields} ${styles.single}`}>
        <FilePicker onText={take} />
        <Field
          label="Or paste the rows"
          name="csv"
          error={errorOf('csv')}
          hint={`The first line has the headings: ${headings.join(', ')}. Only Email has to be there. ${limits}`}
        >
          {(control) => (
            <textarea
              {...control}
              rows={8}
              wrap="off"
              spellCheck={false}
              placeholder={'Email,Name,Company\nada@kestrel.example,Ada Quill,Kestrel'}
              onChange={() => report && setReport(undefined)}
            />
          )}
        </Field>
      </div>
      <div role="status">{report && <ImportReport report={report} />}</div>
      <div className={styles.buttons}>
        {report && !report.dryRun ? (
          <a className="button button-primary" href="/contacts">
            Go to contacts
          </a>
        ) : (
          <button type="submit" className="button button-primary" aria-disabled={isPending || undefined}>
            {isPending ? 'Working…' : isChecked ? `Import ${countOf(report.counts.ready)}` : 'Check the rows'}
          </button>
        )}
      </div>
    </form>
  );
}

function countOf(contacts: number): string {
  return contacts === 1 ? '1 contact' : `${contacts.toLocaleString('en')} contacts`;
}
