import type { Workspace } from '@/lib/directory';
import { planLabels } from '@/lib/plan-labels';
import { planTerms } from '@/lib/plans';
import { PersonList } from './person-list';
import styles from './workspace-card.module.css';

export interface WorkspaceCardProps {
  readonly workspace: Workspace;
  /** Who is signed in. */
  readonly current: string | undefined;
  /** Where to go as whoever is picked. */
  readonly returnTo: string | undefined;
}

/** A workspace of the demo: what its plan includes, and whom to be in it. */
export function WorkspaceCard({ workspace: { name, plan, people }, current, returnTo }: WorkspaceCardProps) {
  const { contacts, callsPerDay } = planTerms(plan);
  return (
    <li className={`panel ${styles.card}`}>
      <div className={styles.head}>
        <h2>{name}</h2>
        <span className="tag">{planLabels[plan]}</span>
      </div>
      <p className="meta">
        {contacts === null ? 'Any number of contacts' : `Up to ${contacts.toLocaleString('en')} contacts`}
        <br />
        {callsPerDay === null
          ? 'Any number of API calls'
          : `${callsPerDay.toLocaleString('en')} API calls a day`}
      </p>
      <PersonList people={people} current={current} returnTo={returnTo} />
    </li>
  );
}
