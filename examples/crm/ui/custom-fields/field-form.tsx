'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type FieldKind, fieldKinds } from '@/lib/custom-fields/custom-field-types';
import { flash } from '../flash';
import { Field } from '../form/field';
import styles from '../form/form.module.css';
import { ProblemNotice } from '../form/problem-notice';
import { useProblemForm } from '../form/use-problem-form';
import { kindLabels } from './kind-labels';

/** Adds a field to every contact of the workspace. */
export function FieldForm() {
  const router = useRouter();
  const [kind, setKind] = useState<FieldKind>('text');
  const form = useProblemForm({
    method: 'POST',
    url: '/api/custom-fields',
    body: ({ options = '', ...fields }) => ({ ...fields, options: linesOf(options) }),
    onSaved: () => {
      flash('Field added');
      router.refresh();
    },
  });
  const { errorOf } = form;

  return (
    <form {...form.props} aria-labelledby="new-field">
      <ProblemNotice failure={form.failure} />
      <div className={`${styles.fields} ${styles.single}`}>
        <Field
          label="Label"
          name="label"
          error={errorOf('label')}
          hint="Also the heading of its column in an import."
          isRequired
        >
          {(control) => <input {...control} autoComplete="off" />}
        </Field>
        <Field
          label="Kind"
          name="kind"
          error={errorOf('kind')}
          hint="Not encrypted: no e-mail addresses or phone numbers here."
        >
          {(control) => (
            <select
              {...control}
              value={kind}
              onChange={({ currentTarget: { value } }) => setKind(value as FieldKind)}
            >
              {fieldKinds.map((each) => (
                <option key={each} value={each}>
                  {kindLabels[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {kind === 'choice' && (
          <Field
            label="Options"
            name="options"
            error={errorOf('options')}
            hint="One a line, 50 at most."
            isRequired
          >
            {(control) => <textarea {...control} rows={4} />}
          </Field>
        )}
      </div>
      <div className={styles.buttons}>
        <button type="submit" className="button button-primary" aria-disabled={form.isPending || undefined}>
          {form.isPending ? 'Adding…' : 'Add field'}
        </button>
      </div>
    </form>
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
