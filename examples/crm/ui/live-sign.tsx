import styles from './live-sign.module.css';
import { StatusMark, type StatusMarkProps } from './status-mark';

export interface LiveSignProps {
  /** `ended`: the server wants no more questions, and `reason` says why. */
  readonly mode: 'live' | 'silent' | 'paused' | 'ended';
  /** Of when what is shown was true, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly reason: string | undefined;
  readonly togglePause: () => void;
}

/** Whether what stands below is of now, and the way to hold it still. */
export function LiveSign({ mode, atMs, reason, togglePause }: LiveSignProps) {
  const at = `${timeOfDay(atMs)} UTC`;
  const signs: Readonly<Record<LiveSignProps['mode'], StatusMarkProps>> = {
    live: { shape: 'check', tone: 'ok', children: `Live, ${at}` },
    paused: { shape: 'bars', tone: 'muted', children: `Paused at ${at}` },
    silent: { shape: 'triangle', tone: 'warn', children: `The application does not answer. Last seen ${at}` },
    ended: { shape: 'cross', tone: 'critical', children: `${reason ?? 'Refused'}. Last seen ${at}` },
  };
  return (
    <div className={styles.sign}>
      <p className="meta">
        <StatusMark {...signs[mode]} />
      </p>
      <button
        type="button"
        className={`button ${styles.pause}`}
        onClick={togglePause}
        aria-pressed={mode === 'paused'}
        hidden={mode === 'ended'}
      >
        Pause
      </button>
      <noscript>
        <p className="meta">Without JavaScript this is a still picture; reload for a new one.</p>
      </noscript>
    </div>
  );
}

/** `23:14:05`, in UTC. */
function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}
