'use client';

import { useState } from 'react';
import styles from './feedback-form.module.css';
import { Field } from './form/field';
import { ProblemNotice } from './form/problem-notice';
import { useProblemForm } from './form/use-problem-form';

/**
 * What a person says about an error. It goes where errors go.
 *
 * @param digest what an error screen knows of the error
 */
export function FeedbackForm({ digest }: { readonly digest: string | undefined }) {
  const [outcome, setOutcome] = useState<'sent' | 'kept'>();
  const { failure, isPending, props, errorOf } = useProblemForm<{ isSent: boolean }>({
    method: 'POST',
    url: '/api/feedback',
    body: ({ message }) => ({ message, digest }),
    onSaved: ({ isSent }) => setOutcome(isSent ? 'sent' : 'kept'),
  });
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="feedback">
      <h2 id="feedback">What were you doing?</h2>
      <form {...props} className={styles.form}>
        <ProblemNotice failure={failure} />
        <Field label="Message" name="message" error={errorOf('message')} isRequired>
          {(control) => <textarea {...control} rows={3} maxLength={2_000} />}
        </Field>
        <button type="submit" className="button" aria-disabled={isPending || undefined}>
          {isPending ? 'Sending…' : 'Send'}
        </button>
        <p role="status" className="meta">
          {outcome === 'sent' && 'Thank you. It was sent along with the error.'}
          {outcome === 'kept' && 'Thank you. Nothing takes feedback here: SENTRY_DSN is not set.'}
        </p>
      </form>
    </section>
  );
}
