import { listWorkspaces } from '@/lib/directory';
import { env } from '@/lib/env';
import { planLabels } from '@/lib/plan-labels';
import { planTerms } from '@/lib/plans';
import { requestFacts } from '@/lib/request-facts';
import { page } from '@/lib/unite';
import { Avatar } from '@/ui/avatar';
import { Screen } from '@/ui/shell/screen';
import { SignIn } from '@/ui/sign-in/sign-in';
import styles from './page.module.css';

/** Where a newcomer starts: choose whom to be. */
export default async function StartPage({ searchParams }: PageProps<'/'>) {
  const { signIn } = await searchParams;
  // Who there is, is for nobody to know but in a demo.
  const reads = env.isDemo ? page(listWorkspaces) : Promise.resolve([]);
  const [workspaces, current] = await Promise.all([reads, page(() => requestFacts()?.session?.userId)]);
  return (
    <Screen
      title={env.isDemo ? 'Choose a workspace' : 'Sign in'}
      summary={
        env.isDemo
          ? 'Four customers of a small CRM, one on each plan. Roles differ in what people see and may change.'
          : 'By the account of your organisation.'
      }
      reads={reads}
    >
      <SignIn outcome={typeof signIn === 'string' ? signIn : undefined} />
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
