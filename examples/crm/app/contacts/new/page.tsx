import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { listFields } from '@/lib/custom-fields/list-fields';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { ContactForm } from '@/ui/contacts/contact-form';
import { Screen } from '@/ui/shell/screen';
import styles from '../contact.module.css';

export const metadata: Metadata = { title: 'New contact' };

export default async function NewContactPage() {
  const session = await signedIn();
  if (!roleAllows(session.role, 'write contacts')) redirect('/contacts');
  const fields = await page(listFields);
  return (
    <Screen title="New contact" back={<BackLink href="/contacts">Contacts</BackLink>}>
      <div className={styles.narrow}>
        <ContactForm fields={fields} />
      </div>
    </Screen>
  );
}
