import type { Contact } from '@/lib/contacts/contact-types';
import facts from '../facts.module.css';
import { exactTime, TimeAgo } from '../time-ago';
import { StageMark } from './stage-mark';

/** What nobody types in. */
export function ContactFacts({ contact }: { readonly contact: Contact }) {
  return (
    <dl className={facts.facts}>
      <dt>Stage</dt>
      <dd>
        <StageMark stage={contact.stage} />
      </dd>
      <dt>Added</dt>
      <dd>{exactTime(contact.createdAt)} UTC</dd>
      <dt>Changed</dt>
      <dd>
        <TimeAgo at={contact.updatedAt} />
      </dd>
      <dt>Version</dt>
      <dd>{contact.version}</dd>
    </dl>
  );
}
