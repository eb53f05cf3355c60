import { StatusMark, type StatusMarkProps } from '../status-mark';
import styles from './score-panel.module.css';

/** What a score means, in a word. Hot is what the list of hot leads begins with. */
export function bandOf(score: number): 'Cold' | 'Warm' | 'Hot' {
  if (score >= 80) return 'Hot';
  return score >= 40 ? 'Warm' : 'Cold';
}

const marks = {
  Cold: { shape: 'ring', tone: 'muted' },
  Warm: { shape: 'half', tone: 'accent' },
  Hot: { shape: 'check', tone: 'ok' },
} as const satisfies Record<string, Pick<StatusMarkProps, 'shape' | 'tone'>>;

/** A score as a figure, a word and a bar. Drawn by attributes: a strict content policy forbids styles in HTML. */
export function ScoreFigure({ score }: { readonly score: number | null }) {
  if (score === null) return <p className="muted">Not scored</p>;
  const band = bandOf(score);
  return (
    <>
      <div className={styles.figures}>
        <p>
          <span className={styles.figure}>{score}</span> <span className="muted">of 100</span>
        </p>
        <StatusMark {...marks[band]}>{band}</StatusMark>
      </div>
      <svg className={styles.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect width={score} height="1" />
      </svg>
    </>
  );
}
