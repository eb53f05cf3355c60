import { StatusMark, type StatusMarkProps } from '../status-mark';
import styles from './live-sign.module.css';
import { timeOfDay } from './units';
import type { ClusterReports } from './use-cluster-reports';

/** Whether what stands below is of now, and the way to hold it still. */
export function LiveSign({ live }: { readonly live: ClusterReports }) {
  const { mode, latest, reason, togglePause } = live;
  const at = `${timeOfDay(latest.atMs)} UTC`;
  const signs: Readonly<Record<ClusterReports['mode'], StatusMarkProps>> = {
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
