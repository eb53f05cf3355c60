import { count } from '../format/numbers';
import { timeOfDay } from '../format/times';
import type { StreamState } from '../live/live-stream';
import { useDashboard } from './dashboard-context';
import { focusMain } from './focus-main';
import { StatusMark, type StatusMarkProps } from './status-mark';

export interface LiveBarProps {
  readonly title: string;
  readonly reconnect: () => void;
}

/** The title, whether what stands below is of now, and the way to hold it still. */
export function LiveBar({ title, reconnect }: LiveBarProps) {
  const { store } = useDashboard();
  const state = store.stream.value;
  return (
    <div class="live-bar">
      <h1>{title}</h1>
      <LiveSign state={state} />
      <div class="live-actions">
        <Arrivals />
        {state === 'refused' && (
          <a class="button" href={location.href}>
            Sign in again
          </a>
        )}
        {state === 'ended' && (
          <button type="button" class="button" onClick={reconnect}>
            Try again
          </button>
        )}
        {state !== 'refused' && (
          <button
            type="button"
            class="button"
            aria-pressed={store.isPaused.value}
            onClick={() => store.togglePause()}
          >
            Pause
          </button>
        )}
      </div>
    </div>
  );
}

function LiveSign({ state }: { readonly state: StreamState }) {
  const { store } = useDashboard();
  const at = `${timeOfDay(store.shown.value.header.atMs)} UTC`;
  const signs: Readonly<Record<StreamState, StatusMarkProps>> = {
    live: { shape: 'check', tone: 'ok', children: `Live, ${at}` },
    connecting: { shape: 'dashed', tone: 'muted', children: `Connecting, of ${at}` },
    lost: { shape: 'triangle', tone: 'warn', children: `Connection lost, trying again. Of ${at}` },
    ended: { shape: 'cross', tone: 'critical', children: `Connection lost. Of ${at}` },
    refused: { shape: 'cross', tone: 'critical', children: `Your access has ended. Of ${at}` },
    hidden: { shape: 'bars', tone: 'muted', children: `Not looked at, of ${at}` },
  };
  const isHeld = state === 'live' && store.isHeld.value;
  const held = { shape: 'bars', tone: 'muted', children: `Paused at ${at}` } as const;
  return (
    <p class="meta">
      <StatusMark {...(isHeld ? held : signs[state])} />
    </p>
  );
}

/** What has come while the list stands still. */
function Arrivals() {
  const { store } = useDashboard();
  const arrivals = store.arrivals.value;
  if (arrivals === undefined) return null;
  const show = () => {
    store.showArrivals();
    focusMain();
  };
  return (
    <button type="button" class="button" onClick={show}>
      {arrivals === true ? 'New figures, show' : `${count(arrivals)} new, show`}
    </button>
  );
}
