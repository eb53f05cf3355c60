import type { Meter } from './meters';
import styles from './panels.module.css';

/** What is answered with 429 while something is used up, and what helps. */
const sentences: Readonly<Record<string, string>> = {
  apiCallsPerDay:
    'API calls are refused until midnight UTC, with the time to wait. A search needs five at once.',
  aiTokensPerDay:
    'Scoring is refused until midnight UTC. A contact that was scored unchanged still answers, for nothing.',
  contacts: 'New contacts are refused. Delete one, and its place can be taken.',
  campaigns: 'New campaigns are refused. Those that are there go on.',
};

/** Why requests are refused now; nothing where none are. */
export function Refusals({ meters }: { readonly meters: readonly Meter[] }) {
  const full = meters.filter(({ level, name }) => level === 'full' && name in sentences);
  if (full.length === 0) return null;
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="refusals">
      <h2 id="refusals">Refused now</h2>
      <ul className={styles.refusals}>
        {full.map(({ name }) => (
          <li key={name}>{sentences[name]}</li>
        ))}
      </ul>
    </section>
  );
}
