'use client';

import { useCache, useCacheClient } from '@unite/cache/react';
import { useRef, useState } from 'react';
import type { Contact, ContactStage } from '@/lib/contacts/contact-types';
import type { ContactPage } from '@/lib/contacts/list-contacts';
import { fetchJson, reasonOf } from '../fetch-json';
import form from '../form/form.module.css';
import { contactsKey } from './cache-keys';
import styles from './contact-list.module.css';
import { ContactListSkeleton } from './contact-list-skeleton';
import { displayName } from './contact-row';
import { ContactTable } from './contact-table';
import { NoContacts } from './no-contacts';
import { Pager } from './pager';
import { stageLabels } from './stage-labels';
import { useContactQuery } from './use-contact-query';

/**
 * The list that the address asks for: first what the server has rendered, then what is newer, whenever one comes back
 * to it. Another page, order or search loads that list and nothing else.
 */
export function ContactList({ userId, mayWrite }: { readonly userId: string; readonly mayWrite: boolean }) {
  const query = useContactQuery();
  const client = useCacheClient();
  const key = contactsKey(userId, query);
  const { data, error, isLoading, isStale, mutate, revalidate } = useCache(
    key,
    ([, , address], { signal }) =>
      fetchJson<ContactPage>(address, { signal, isNews: client.get(key) === undefined }),
    { keepPreviousData: true },
  );
  const top = useRef<HTMLElement>(null);
  const [news, setNews] = useState<News>();
  const { done, failure } = news?.of === key[2] ? news : {};

  async function pickStage(contact: Contact, stage: ContactStage) {
    const name = displayName(contact);
    setNews(undefined);
    try {
      await mutate(() => saveStage(contact.id, stage), {
        optimistic: (shown = nothing) => withStage(shown, contact.id, stage),
        // The order may have changed with it: the row stays where one is looking, until the list is looked at anew.
        revalidate: false,
      });
      setNews({ of: key[2], done: `${name}: ${stageLabels[stage]}` });
      void client.invalidate(['hot-leads']);
    } catch (refusal) {
      const failure = `${name} stays at ${stageLabels[contact.stage]}. ${reasonOf(refusal)}`;
      setNews({ of: key[2], failure });
    }
  }

  return (
    <section ref={top} aria-label="Contacts" aria-busy={isLoading || undefined}>
      <p className="hidden-visually" role="status">
        {done ?? (data && !isLoading && summaryOf(data))}
      </p>
      {failure && (
        <div className={form.notice} role="alert">
          <p>
            <strong>Not saved.</strong> {failure}
          </p>
        </div>
      )}
      {error !== undefined && !isLoading && (
        <div className={form.notice} role="alert">
          <div className={styles.retry}>
            <p>
              <strong>{data ? 'This list may be out of date.' : 'The list could not be loaded.'}</strong>{' '}
              {reasonOf(error)}
            </p>
            <button type="button" className="button" onClick={() => void revalidate()}>
              Try again
            </button>
          </div>
        </div>
      )}
      {!data && isLoading && <ContactListSkeleton />}
      {data && data.contacts.length === 0 && (
        <NoContacts query={query} total={data.total} mayWrite={mayWrite} />
      )}
      {data && data.contacts.length > 0 && (
        <div className={isLoading && isStale ? styles.waiting : undefined}>
          <ContactTable query={query} page={data} onStage={mayWrite ? pickStage : undefined} />
          <Pager query={query} page={data} onStep={() => top.current?.scrollIntoView({ block: 'nearest' })} />
        </div>
      )}
    </section>
  );
}

/** What became of the last change in a list. */
interface News {
  readonly of: string;
  readonly done?: string;
  readonly failure?: string;
}

async function saveStage(id: string, stage: ContactStage): Promise<void> {
  await fetchJson<Contact>(`/api/contacts/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ stage }),
    isNews: true,
  });
}

const nothing: ContactPage = { contacts: [], page: 1, pageSize: 1, total: 0 };

function withStage(page: ContactPage, id: string, stage: ContactStage): ContactPage {
  const contacts = page.contacts.map((each) => (each.id === id ? { ...each, stage } : each));
  return { ...page, contacts };
}

/** Said when the list becomes another one. */
function summaryOf({ contacts, page, pageSize, total }: ContactPage): string {
  if (contacts.length === 0) return 'No contacts found';
  const from = (page - 1) * pageSize + 1;
  const to = from + contacts.length - 1;
  return `Contacts ${from.toLocaleString('en')} to ${to.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}
