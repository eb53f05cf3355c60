'use client';

import { useCache, useCacheClient } from '@unite/cache/react';
import Link from 'next/link';
import type { MinScore } from '@/lib/contacts/contact-types';
import type { HotLeads as Leads } from '@/lib/contacts/hot-leads';
import { fetchJson } from '../fetch-json';
import { hotLeadsKey } from './cache-keys';
import styles from './hot-leads.module.css';

interface HotLeadsProps {
  readonly userId: string;
  readonly minScore: MinScore;
}

/** Whom to call today. */
export function HotLeads({ userId, minScore }: HotLeadsProps) {
  const key = hotLeadsKey(userId, minScore);
  const client = useCacheClient();
  const { data } = useCache(key, ([, , address], { signal }) =>
    fetchJson<Leads>(address, { signal, isNews: client.get(key) === undefined }),
  );
  if (!data) return null;
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="hot-leads">
      <div className={styles.head}>
        <h2 id="hot-leads">Hot leads</h2>
        <p className="meta">
          {data.total === 0
            ? `No open lead scores ${minScore} or more`
            : `${data.total.toLocaleString('en')} open ${data.total === 1 ? 'lead scores' : 'leads score'} ${minScore} or more`}
        </p>
      </div>
      {data.leads.length > 0 && (
        <ul className={styles.leads}>
          {data.leads.map(({ id, name, company, score }) => (
            <li key={id}>
              <span className={styles.score}>
                <span className="hidden-visually">Score </span>
                {score}
              </span>
              <span className={styles.who}>
                <Link href={`/contacts/${id}`} prefetch={false}>
                  {name || 'Unnamed contact'}
                </Link>
                <span className="meta">{company || '–'}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
