'use client';

import { contactStages } from '@/lib/contacts/contact-types';
import { listAddress } from '@/lib/contacts/list-address';
import { ListLink } from './list-link';
import styles from './list-tools.module.css';
import { SearchBox } from './search-box';
import { stageLabels } from './stage-labels';
import { useContactQuery } from './use-contact-query';

/** Search and the stages to filter by; all of it lives in the address. */
export function ListTools({ searchesEmail }: { readonly searchesEmail: boolean }) {
  const { q, sort, pageSize, stage: current } = useContactQuery();
  const stages = [undefined, ...contactStages];
  return (
    <div className={styles.tools}>
      <SearchBox
        label={searchesEmail ? 'Search name, company, whole email or phone' : 'Search name or company'}
      />
      <nav aria-label="Filter by stage" className={styles.stages}>
        {stages.map((stage) => (
          <ListLink
            key={stage ?? 'all'}
            href={listAddress({ q, sort, pageSize, stage })}
            aria-current={stage === current ? 'page' : undefined}
          >
            {stage ? stageLabels[stage] : 'All'}
          </ListLink>
        ))}
      </nav>
    </div>
  );
}
