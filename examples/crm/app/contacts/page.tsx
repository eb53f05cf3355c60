import type { Metadata } from 'next';
import Link from 'next/link';
import { Suspense } from 'react';
import { queryFromAddress } from '@/lib/contacts/list-address';
import { listContacts } from '@/lib/contacts/list-contacts';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { ContactList } from '@/ui/contacts/contact-list';
import { ContactListSkeleton } from '@/ui/contacts/contact-list-skeleton';
import { ListTools } from '@/ui/contacts/list-tools';
import { Icon } from '@/ui/icon';
import { Screen } from '@/ui/shell/screen';

export const metadata: Metadata = { title: 'Contacts' };

export default async function ContactsPage({ searchParams }: PageProps<'/contacts'>) {
  const session = await signedIn();
  const query = queryFromAddress(await searchParams);
  const reads = page(() => listContacts(query));
  reads.catch(() => undefined); // The list shows it.
  const mayWrite = roleAllows(session.role, 'contacts.write');

  return (
    <Screen
      title="Contacts"
      summary={`Everyone ${session.tenantName} is talking to`}
      actions={
        mayWrite && (
          <Link className="button button-primary" href="/contacts/new" prefetch={false}>
            <Icon name="plus" />
            New contact
          </Link>
        )
      }
      reads={reads}
    >
      <ListTools query={query} searchesEmail={roleAllows(session.role, 'contacts.readEmail')} />
      <Suspense fallback={<ContactListSkeleton />}>
        <ContactList query={query} reads={reads} mayWrite={mayWrite} />
      </Suspense>
    </Screen>
  );
}
