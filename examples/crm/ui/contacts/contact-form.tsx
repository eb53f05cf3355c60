'use client';

import { useRouter } from 'next/navigation';
import { type Contact, type ContactStage, contactStages } from '@/lib/contacts/contact-types';
import type { CustomField } from '@/lib/custom-fields/custom-field-types';
import { CustomInputs, customFrom } from '../custom-fields/custom-inputs';
import { flash } from '../flash';
import { Field } from '../form/field';
import styles from '../form/form.module.css';
import { ProblemNotice } from '../form/problem-notice';
import { useProblemForm } from '../form/use-problem-form';
import { stageLabels } from './stage-labels';

/** Creates a contact, or changes the one that is given. */
export function ContactForm({
  contact,
  fields,
  id,
}: {
  readonly contact?: Contact | undefined;
  /** The workspace's own. */
  readonly fields: readonly CustomField[];
  readonly id?: string;
}) {
  const router = useRouter();
  const form = useProblemForm<Contact>({
    method: contact ? 'PATCH' : 'POST',
    url: contact ? `/api/contacts/${contact.id}` : '/api/contacts',
    // The version that was opened: nobody else's change is saved over.
    body: ({ score = '', ...typed }) => ({
      ...typed,
      score: scoreFrom(score),
      custom: customFrom(typed),
      ...(contact && { version: contact.version }),
    }),
    onSaved: (saved) => {
      flash(contact ? 'Changes saved' : 'Contact created');
      if (contact) router.refresh();
      else router.push(`/contacts/${saved.id}`);
    },
  });
  const { errorOf } = form;
  const isDeleted = contact && form.failure?.kind === 'problem' && form.failure.problem.status === 404;
  const isOutdated = form.failure?.kind === 'problem' && form.failure.problem.status === 412;

  return (
    <form {...form.props} id={id} aria-label={contact ? 'Edit contact' : 'New contact'}>
      <ProblemNotice failure={form.failure}>
        {isDeleted && <p>It was deleted after you had opened it. What you typed is still here, to copy.</p>}
        {isOutdated && (
          <p>
            <a href={`/contacts/${contact?.id}`} target="_blank" rel="noreferrer">
              Look at the saved version in a new tab
            </a>
            , or reload this page to start from it.
          </p>
        )}
      </ProblemNotice>
      <div className={styles.fields}>
        <Field label="Email" name="email" error={errorOf('email')} isRequired>
          {(control) => (
            <input
              {...control}
              type="email"
              defaultValue={contact?.email ?? ''}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label="Name" name="name" error={errorOf('name')}>
          {(control) => <input {...control} defaultValue={contact?.name} autoComplete="off" />}
        </Field>
        <Field label="Company" name="company" error={errorOf('company')}>
          {(control) => <input {...control} defaultValue={contact?.company} autoComplete="off" />}
        </Field>
        <Field label="Title" name="jobTitle" error={errorOf('jobTitle')}>
          {(control) => <input {...control} defaultValue={contact?.jobTitle} autoComplete="off" />}
        </Field>
        <Field label="Phone" name="phone" error={errorOf('phone')}>
          {(control) => (
            <input {...control} type="tel" defaultValue={contact?.phone ?? ''} autoComplete="off" />
          )}
        </Field>
        <Field label="Stage" name="stage" error={errorOf('stage')}>
          {(control) => (
            <select {...control} defaultValue={contact?.stage ?? ('lead' satisfies ContactStage)}>
              {contactStages.map((stage) => (
                <option key={stage} value={stage}>
                  {stageLabels[stage]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Score"
          name="score"
          error={errorOf('score')}
          hint="0 to 100, or empty. From 80 on, an open lead is hot."
        >
          {(control) => (
            <input {...control} inputMode="numeric" autoComplete="off" defaultValue={contact?.score ?? ''} />
          )}
        </Field>
        <CustomInputs fields={fields} values={contact?.custom} errorOf={errorOf} />
        <Field label="Notes" name="notes" error={errorOf('notes')} isWide>
          {(control) => <textarea {...control} rows={4} defaultValue={contact?.notes} />}
        </Field>
      </div>
      <div className={styles.buttons}>
        <button type="submit" className="button button-primary" aria-disabled={form.isPending || undefined}>
          {form.isPending ? 'Saving…' : contact ? 'Save changes' : 'Create contact'}
        </button>
        <button type="button" className="button button-quiet" onClick={() => router.push('/contacts')}>
          {contact ? 'Back to the list' : 'Cancel'}
        </button>
      </div>
    </form>
  );
}

/** What is no whole number goes to the API as it is, which says what is wrong with it. */
function scoreFrom(text: string): number | string | null {
  const typed = text.trim();
  if (typed === '') return null;
  return /^\d+$/.test(typed) ? Number(typed) : typed;
}
