import { listWorkspaces } from '@/lib/directory';
import { planLabels } from '@/lib/plan-labels';
import { planTerms } from '@/lib/plans';
import { requestFacts } from '@/lib/request-facts';
import { page } from '@/lib/unite';
import { Avatar } from '@/ui/avatar';
import { Screen } from '@/ui/shell/screen';
import styles from './page.module.css';

/** Where a newcomer starts: choose whom to be. */
export default async function StartPage() {
  const reads = page(listWorkspaces);
  const [workspaces, current] = await Promise.all([reads, page(() => requestFacts()?.session?.userId)]);
  return (
    <Screen
      title="Choose a workspace"
      summary="Four customers of a small CRM, one on each plan. Pick a person to sign in as: roles differ in what they see and may change. There is no password."
      reads={reads}
    >
      <ul className={styles.cards}>
        {workspaces.map(({ id, name, plan, people }) => {
          const { contacts, callsPerDay } = planTerms(plan);
          return (
            <li key={id} className={`panel ${styles.card}`}>
              <div className={styles.head}>
                <h2>{name}</h2>
                <span className="tag">{planLabels[plan]}</span>
              </div>
              <p className="meta">
                {contacts === null
                  ? 'Any number of contacts'
                  : `Up to ${contacts.toLocaleString('en')} contacts`}
                <br />
                {callsPerDay === null
                  ? 'Any number of API calls'
                  : `${callsPerDay.toLocaleString('en')} API calls a day`}
              </p>
              <form action="/api/session" method="post">
                <ul className={styles.people}>
                  {people.map((person) => (
                    <li key={person.id}>
                      <button type="submit" name="userId" value={person.id} className={styles.person}>
                        <Avatar name={person.name} />
                        <span>
                          <span className={styles.name}>{person.name}</span>
                          <span className="muted">, {person.role}</span>
                        </span>
                        {person.id === current && <span className="tag">you</span>}
                      </button>
                    </li>
                  ))}
                </ul>
              </form>
            </li>
          );
        })}
      </ul>
    </Screen>
  );
}
