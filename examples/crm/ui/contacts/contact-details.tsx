import { Fragment } from 'react';
import type { Contact } from '@/lib/contacts/contact-types';
import type { CustomField } from '@/lib/custom-fields/custom-field-types';
import facts from '../facts.module.css';
import { HiddenByRole } from './contact-row';

/** A contact for those who may look, and not change. */
export function ContactDetails({
  contact,
  fields,
}: {
  readonly contact: Contact;
  /** The workspace's own. */
  readonly fields: readonly CustomField[];
}) {
  return (
    <dl className={facts.facts}>
      <dt>Email</dt>
      <dd>{contact.email ?? <HiddenByRole />}</dd>
      <dt>Company</dt>
      <dd>{contact.company || '–'}</dd>
      <dt>Title</dt>
      <dd>{contact.jobTitle || '–'}</dd>
      <dt>Phone</dt>
      <dd>{contact.phone === null ? <HiddenByRole /> : contact.phone || '–'}</dd>
      {fields.map(({ id, label }) => (
        <Fragment key={id}>
          <dt>{label}</dt>
          <dd>{contact.custom[id] ?? '–'}</dd>
        </Fragment>
      ))}
      <dt>Notes</dt>
      <dd>{contact.notes || '–'}</dd>
    </dl>
  );
}
