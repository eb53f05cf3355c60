import type { Metadata } from 'next';
import type { Contact } from '@/lib/contacts/contact-types';
import { readContact } from '@/lib/contacts/read-contact';
import type { CustomField } from '@/lib/custom-fields/custom-field-types';
import { listFields } from '@/lib/custom-fields/list-fields';
import { env } from '@/lib/env';
import { roleAllows } from '@/lib/roles';
import type { Session } from '@/lib/session';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { ContactDetails } from '@/ui/contacts/contact-details';
import { ContactFacts } from '@/ui/contacts/contact-facts';
import { ContactForm } from '@/ui/contacts/contact-form';
import { displayName } from '@/ui/contacts/contact-row';
import { DeleteContact } from '@/ui/contacts/delete-contact';
import { ScorePanel } from '@/ui/scoring/score-panel';
import { Screen } from '@/ui/shell/screen';
import { Skeleton } from '@/ui/skeleton';
import { WhenThere } from '@/ui/when-there';
import styles from '../contact.module.css';

const formId = 'contact';

export async function generateMetadata({ params }: PageProps<'/contacts/[id]'>): Promise<Metadata> {
  await signedIn();
  return { title: displayName(await readContact((await params).id)) };
}

export default async function ContactPage({ params }: PageProps<'/contacts/[id]'>) {
  const session = await signedIn();
  const reads = Promise.all([readContact((await params).id), page(listFields)]);
  const placeholder = (
    <Screen title="Contact" back={<BackLink href="/contacts">Contacts</BackLink>}>
      <Skeleton label="Loading the contact" heightsPx={[520]} className={styles.columns} />
    </Screen>
  );
  return (
    <WhenThere reads={reads} placeholder={placeholder}>
      {([contact, fields]) => <ContactScreen session={session} contact={contact} fields={fields} />}
    </WhenThere>
  );
}

interface ContactScreenProps {
  readonly session: Session;
  readonly contact: Contact;
  readonly fields: readonly CustomField[];
}

function ContactScreen({ session, contact, fields }: ContactScreenProps) {
  const name = displayName(contact);
  const mayWrite = roleAllows(session.role, 'write contacts');

  return (
    <Screen
      title={name}
      summary={[contact.jobTitle, contact.company].filter(Boolean).join(', ') || undefined}
      back={<BackLink href="/contacts">Contacts</BackLink>}
    >
      <div className={styles.columns}>
        {/* Made anew for each saved version, so that its fields start from what is saved. */}
        {mayWrite ? (
          <ContactForm key={contact.version} contact={contact} fields={fields} id={formId} />
        ) : (
          <ContactDetails contact={contact} fields={fields} />
        )}
        <aside className={styles.aside} aria-label="About this contact">
          <ScorePanel
            contactId={contact.id}
            score={contact.score}
            mayScore={mayWrite}
            isSetUp={env.scoring !== undefined}
            form={formId}
          />
          <ContactFacts contact={contact} />
          {mayWrite && <DeleteContact id={contact.id} name={name} />}
        </aside>
      </div>
    </Screen>
  );
}
