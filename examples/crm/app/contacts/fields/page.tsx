import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { listFieldsInUse } from '@/lib/custom-fields/list-fields';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { FieldForm } from '@/ui/custom-fields/field-form';
import { FieldList } from '@/ui/custom-fields/field-list';
import { Screen } from '@/ui/shell/screen';
import styles from '../../campaigns/campaigns.module.css';

export const metadata: Metadata = { title: 'Custom fields' };

export default async function FieldsPage() {
  const session = await signedIn();
  if (!roleAllows(session.role, 'write custom-fields')) redirect('/contacts');
  const reads = page(listFieldsInUse);
  const { fields, limit } = await reads;
  const used = fields.length.toLocaleString('en');
  return (
    <Screen
      title="Custom fields"
      summary={limit === null ? `${used} used` : `${used} of ${limit.toLocaleString('en')} used`}
      back={<BackLink href="/contacts">Contacts</BackLink>}
      reads={reads}
    >
      <div className={styles.columns}>
        <section aria-label="All fields">
          <FieldList fields={fields} />
        </section>
        <section className={`panel ${styles.form}`} aria-labelledby="new-field">
          <h2 id="new-field">New field</h2>
          <FieldForm key={fields.at(-1)?.id} />
        </section>
      </div>
    </Screen>
  );
}
