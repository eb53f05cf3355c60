import type { Metadata } from 'next';
import { readContact } from '@/lib/contacts/read-contact';
import { listFields } from '@/lib/custom-fields/list-fields';
import { env } from '@/lib/env';
import { roleAllows } from '@/lib/roles';
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
import styles from '../contact.module.css';

const formId = 'contact';

export async function generateMetadata({ params }: PageProps<'/contacts/[id]'>): Promise<Metadata> {
  await signedIn();
  return { title: displayName(await readContact((await params).id)) };
}

/** Waited for, however long it takes: an answer that has begun could not say any more that there is no such contact. */
export default async function ContactPage({ params }: PageProps<'/contacts/[id]'>) {
  const session = await signedIn();
  const { id } = await params;
  const [contact, fields] = await Promise.all([readContact(id), page(listFields)]);
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
