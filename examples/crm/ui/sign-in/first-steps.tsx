import styles from './first-steps.module.css';

/** What to look at, for who has two minutes. */
export function FirstSteps() {
  return (
    <section className={styles.steps} aria-labelledby="first-steps">
      <h2 id="first-steps">What to look at</h2>
      <ol>
        <li>
          <strong>The line at the foot of each screen</strong> says what its request touched: cache, server,
          plan, trace.
        </li>
        <li>
          <strong>Score a contact twice.</strong> The second answer comes from the cache, and costs nothing.
        </li>
        <li>
          <strong>Be a viewer, then an owner.</strong> The one never receives an address; the other opens Ops,
          and stops a server.
        </li>
      </ol>
    </section>
  );
}
