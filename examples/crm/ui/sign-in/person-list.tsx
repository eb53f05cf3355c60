import type { Workspace } from '@/lib/directory';
import { env } from '@/lib/env';
import { Avatar } from '../avatar';
import { Icon } from '../icon';
import styles from './workspace-card.module.css';

interface PersonListProps {
  readonly people: Workspace['people'];
  readonly current: string | undefined;
  readonly returnTo: string | undefined;
}

/**
 * Whom to be. By the identity provider where there is one: a link, since the policy of the page keeps forms from being
 * led to another site. Without one, a form that the application answers itself.
 */
export function PersonList({ people, current, returnTo }: PersonListProps) {
  const rows = people.map((person) => (
    <li key={person.id}>
      {env.identityProvider ? (
        // No link of Next.js: this leaves the application.
        <a href={beginAddress(person.id, returnTo)} className={styles.person}>
          <Person {...person} isCurrent={person.id === current} />
        </a>
      ) : (
        <button type="submit" name="userId" value={person.id} className={styles.person}>
          <Person {...person} isCurrent={person.id === current} />
        </button>
      )}
    </li>
  ));
  if (env.identityProvider) return <ul className={styles.people}>{rows}</ul>;
  return (
    <form action="/api/session" method="post">
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <ul className={styles.people}>{rows}</ul>
    </form>
  );
}

function Person({
  name,
  role,
  isCurrent,
}: {
  readonly name: string;
  readonly role: string;
  readonly isCurrent: boolean;
}) {
  return (
    <>
      <Avatar name={name} />
      <span>
        <span className={styles.name}>{name}</span>
        <span className="muted">, {role}</span>
      </span>
      {isCurrent && <span className="tag">you</span>}
      <Icon name="right" />
    </>
  );
}

function beginAddress(person: string, returnTo: string | undefined): string {
  return `/api/session/begin?${new URLSearchParams({ person, ...(returnTo !== undefined && { returnTo }) })}`;
}
