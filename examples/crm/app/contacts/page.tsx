import type { Metadata } from 'next';
import Link from 'next/link';
import type { MinScore } from '@/lib/contacts/contact-types';
import { listHotLeads } from '@/lib/contacts/hot-leads';
import { queryFromAddress } from '@/lib/contacts/list-address';
import { listContacts } from '@/lib/contacts/list-contacts';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { flags, page } from '@/lib/unite';
import { contactsKey, hotLeadsKey } from '@/ui/contacts/cache-keys';
import { ContactList } from '@/ui/contacts/contact-list';
import { ContactListSkeleton } from '@/ui/contacts/contact-list-skeleton';
import { HotLeads } from '@/ui/contacts/hot-leads';
import { ListTools } from '@/ui/contacts/list-tools';
import { FirstValue } from '@/ui/first-value';
import { Icon } from '@/ui/icon';
import { ScreenCache } from '@/ui/screen-cache';
import { Screen } from '@/ui/shell/screen';

export const metadata: Metadata = { title: 'Contacts' };

const minScore: MinScore = 80;

export default async function ContactsPage({ searchParams }: PageProps<'/contacts'>) {
  const { userId, role, tenantName } = await signedIn();
  const query = queryFromAddress(await searchParams);
  const showsHotLeads = await page(() => flags.isOn('hot-leads-panel'));
  const list = page(() => listContacts(query));
  const hotLeads = showsHotLeads ? page(() => listHotLeads(minScore)) : undefined;
  const reads = Promise.all([list, hotLeads]);
  const mayWrite = roleAllows(role, 'write contacts');

  return (
    <Screen
      title="Contacts"
      summary={`Everyone ${tenantName} is talking to`}
      actions={
        mayWrite && (
          <>
            {roleAllows(role, 'write custom-fields') && (
              <Link className="button button-quiet" href="/contacts/fields" prefetch={false}>
                Fields
              </Link>
            )}
            <Link className="button" href="/contacts/import" prefetch={false}>
              Import
            </Link>
            <Link className="button button-primary" href="/contacts/new" prefetch={false}>
              <Icon name="plus" />
              New contact
            </Link>
          </>
        )
      }
      reads={reads}
    >
      <ScreenCache>
        {hotLeads && (
          <FirstValue of={hotLeadsKey(userId, minScore)} reads={hotLeads}>
            <HotLeads userId={userId} minScore={minScore} />
          </FirstValue>
        )}
        <ListTools searchesEmail={roleAllows(role, 'decrypt contacts.email')} />
        <FirstValue of={contactsKey(userId, query)} reads={list} placeholder={<ContactListSkeleton />}>
          <ContactList userId={userId} mayWrite={mayWrite} />
        </FirstValue>
      </ScreenCache>
    </Screen>
  );
}
