import { ago, exactTime, timeOfDay } from '../format/times';
import { useDashboard } from './dashboard-context';

export interface WhenProps {
  readonly atMs: number;
  /** As the time of the day, for columns of moments close to each other. */
  readonly asClock?: boolean;
}

/** `12 s ago`, by the clock of the server, with the exact time as the tooltip. */
export function When({ atMs, asClock = false }: WhenProps) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exactTime(atMs)}>
      {asClock ? timeOfDay(atMs) : <Ago atMs={atMs} />}
    </time>
  );
}

function Ago({ atMs }: { readonly atMs: number }) {
  const { store } = useDashboard();
  return <>{ago(atMs, store.shown.value.header.atMs)}</>;
}
