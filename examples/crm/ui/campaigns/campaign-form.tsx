'use client';

import { useRouter } from 'next/navigation';
import { audiences } from '@/lib/campaigns/campaign-types';
import { stageLabels } from '../contacts/stage-labels';
import { flash } from '../flash';
import { Field } from '../form/field';
import styles from '../form/form.module.css';
import { ProblemNotice } from '../form/problem-notice';
import { useProblemForm } from '../form/use-problem-form';

/** What the API refuses in every field: no name, too long a subject, nobody to send to, a time long past. */
const invalid = {
  name: '',
  subject: 'Our longest subject yet. '.repeat(7).trim(),
  audience: '',
  sendAt: '2020-01-31T09:00',
};

export function CampaignForm() {
  const router = useRouter();
  const form = useProblemForm({
    method: 'POST',
    url: '/api/campaigns',
    body: ({ sendAt, ...fields }) => ({ ...fields, ...(sendAt && { sendAt: inUtc(sendAt) }) }),
    onSaved: () => {
      flash('Campaign created');
      // It is in the list now; the fields are for the next one.
      form.props.ref.current?.reset();
      router.refresh();
    },
  });
  const { errorOf } = form;

  function tryInvalid() {
    const element = form.props.ref.current;
    if (!element) return;
    for (const [name, value] of Object.entries(invalid)) {
      const control = element.elements.namedItem(name);
      if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) control.value = value;
    }
    element.requestSubmit();
  }

  return (
    <form {...form.props} aria-labelledby="new-campaign">
      <ProblemNotice failure={form.failure} />
      <div className={`${styles.fields} ${styles.single}`}>
        <Field label="Name" name="name" error={errorOf('name')} isRequired>
          {(control) => <input {...control} autoComplete="off" />}
        </Field>
        <Field label="Subject line" name="subject" error={errorOf('subject')} isRequired>
          {(control) => <input {...control} autoComplete="off" />}
        </Field>
        <Field label="Audience" name="audience" error={errorOf('audience')} isRequired>
          {(control) => (
            <select {...control} defaultValue="">
              <option value="">Choose who gets it</option>
              {audiences.map((audience) => (
                <option key={audience} value={audience}>
                  {audience === 'everyone' ? 'Everyone' : stageLabels[audience]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Send at"
          name="sendAt"
          error={errorOf('sendAt')}
          hint="Your time. Empty keeps it a draft."
        >
          {(control) => <input {...control} type="datetime-local" />}
        </Field>
      </div>
      <div className={styles.buttons}>
        <button type="submit" className="button button-primary" aria-disabled={form.isPending || undefined}>
          {form.isPending ? 'Creating…' : 'Create campaign'}
        </button>
        <button type="button" className="button button-quiet" onClick={tryInvalid}>
          Try an invalid one
        </button>
      </div>
    </form>
  );
}

/** The browser's local date and time as an instant; what is no date goes as it is, for the API to refuse. */
function inUtc(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? local : date.toISOString();
}
