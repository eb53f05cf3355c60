import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { listFields } from '@/lib/custom-fields/list-fields';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { ImportForm } from '@/ui/contacts/import/import-form';
import { Screen } from '@/ui/shell/screen';
import styles from '../contact.module.css';

export const metadata: Metadata = { title: 'Import contacts' };

export default async function ImportPage() {
  const session = await signedIn();
  if (!roleAllows(session.role, 'write contacts')) redirect('/contacts');
  const fields = await page(listFields);
  return (
    <Screen
      title="Import contacts"
      summary="From a spreadsheet, saved as CSV in UTF-8. Nothing is saved before you have seen what would be."
      back={<BackLink href="/contacts">Contacts</BackLink>}
    >
      <div className={styles.narrow}>
        <ImportForm customLabels={fields.map(({ label }) => label)} />
      </div>
    </Screen>
  );
}
