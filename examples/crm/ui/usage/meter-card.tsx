import { StatusMark, type StatusMarkProps } from '../status-mark';
import { count } from './amounts';
import styles from './meter-card.module.css';
import type { Meter } from './meters';

const marks: Readonly<Record<Meter['level'], StatusMarkProps | undefined>> = {
  fine: undefined,
  close: { shape: 'triangle', tone: 'warn', children: 'Nearly full' },
  full: { shape: 'cross', tone: 'critical', children: 'Full' },
};

/** How much of one thing is used, against what the plan allows. */
export function MeterCard({ meter }: { readonly meter: Meter }) {
  const { name, label, used, limit, level, sentence } = meter;
  const mark = marks[level];
  return (
    <li className={`panel ${styles.card}`}>
      <div className={styles.head}>
        <h2 id={`meter-${name}`}>{label}</h2>
        {mark && <StatusMark {...mark} />}
      </div>
      <p className={styles.figures}>
        <span className={styles.used}>{count(used)}</span>
        {limit !== null && <span className="muted"> of {count(limit)}</span>}
      </p>
      {limit === null ? <span className={styles.none} /> : <Bar meter={meter} limit={limit} />}
      <p className={styles.sentence}>{sentence}</p>
    </li>
  );
}

/** What is used, and paler how much it will be. Drawn by attributes: a strict content policy forbids styles in HTML. */
function Bar({ meter, limit }: { readonly meter: Meter; readonly limit: number }) {
  const { name, used, forecast, level } = meter;
  const share = (amount: number) => Math.min(100, limit === 0 ? 100 : (100 * amount) / limit);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn alike in every browser
    <div
      role="meter"
      aria-labelledby={`meter-${name}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(limit, used)}
      aria-valuenow={used}
      aria-valuetext={`${count(used)} of ${count(limit)}`}
      className={`${styles.bar} ${styles[level]}`}
    >
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        {forecast !== null && forecast > used && (
          <rect className={styles.forecast} width={share(forecast)} height="1" />
        )}
        <rect className={styles.fill} width={share(used)} height="1" />
      </svg>
    </div>
  );
}
