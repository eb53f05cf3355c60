import Link from 'next/link';
import type { ContactQuery } from '@/lib/contacts/contact';
import { contactStages } from '@/lib/contacts/contact-types';
import { listAddress } from '@/lib/contacts/list-address';
import styles from './list-tools.module.css';
import { SearchBox } from './search-box';
import { stageLabels } from './stage-labels';

/** Search and the stages to filter by; all of it lives in the address. */
export function ListTools({
  query,
  searchesEmail,
}: {
  readonly query: ContactQuery;
  readonly searchesEmail: boolean;
}) {
  const { q, sort, pageSize, stage: current } = query;
  const stages = [undefined, ...contactStages];
  return (
    <div className={styles.tools}>
      <SearchBox label={searchesEmail ? 'Search name, company or email' : 'Search name or company'} />
      <nav aria-label="Filter by stage" className={styles.stages}>
        {stages.map((stage) => (
          <Link
            key={stage ?? 'all'}
            href={listAddress({ q, sort, pageSize, stage })}
            prefetch={false}
            aria-current={stage === current ? 'page' : undefined}
          >
            {stage ? stageLabels[stage] : 'All'}
          </Link>
        ))}
      </nav>
    </div>
  );
}
