import type { Contact } from '@/lib/contacts/contact-types';
import facts from '../facts.module.css';
import { HiddenByRole } from './contact-row';

/** A contact for those who may look, and not change. */
export function ContactDetails({ contact }: { readonly contact: Contact }) {
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
      <dt>Notes</dt>
      <dd>{contact.notes || '–'}</dd>
    </dl>
  );
}
