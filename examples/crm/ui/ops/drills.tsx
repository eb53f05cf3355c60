import styles from './drills.module.css';

/** Development only: what to break, and what should hold. The buttons that do it will stand here. */
export function Drills() {
  return (
    <section className={styles.drills} aria-labelledby="drills">
      <h2 id="drills">Break something</h2>
      <p className="muted">
        <code>npm start</code> printed the process id of each server. A server that ends is started again.
      </p>
      <dl>
        {drills.map(({ command, holds }) => (
          <div key={command}>
            <dt>
              <code>{command}</code>
            </dt>
            <dd>{holds}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const drills = [
  { command: 'kill -9 $replica', holds: 'Reads move to the other servers. No page fails.' },
  {
    command: 'kill -9 $primary',
    holds: 'Saving waits until it is back, or until another takes over. Reads go on.',
  },
  {
    command: 'kill -STOP $primary $(pgrep -P $primary)',
    holds: 'Noticed within three seconds. The same with -CONT thaws it.',
  },
  {
    command: "psql $replica_url -c 'select pg_promote()'",
    holds:
      'Writes move there. The old primary is fenced: it runs, and gets nothing. The next start begins with it again.',
  },
] as const;
