import type { DrillState } from '../../screen-types';
import { count, counted } from '../format/numbers';
import { seconds } from '../format/times';
import { StatusMark } from '../ui/status-mark';

export interface DrillBannerProps {
  readonly drill: DrillState;
  readonly ranMs: number;
  readonly nowMs: number;
  /** Where the viewer may. */
  readonly restore: (() => void) | undefined;
}

/** Counts while something is broken on purpose. */
export function DrillBanner({ drill, ranMs, nowMs, restore }: DrillBannerProps) {
  const { holds, endsAtMs, requests, failed } = drill;
  return (
    <div class="banner">
      <p>
        <StatusMark shape="triangle" tone="warn">
          <strong>
            Running {seconds(ranMs)}, {counted(requests, 'request')}, {count(failed)} failed
          </strong>
        </StatusMark>
      </p>
      <p>{holds}</p>
      <p class="drill-actions">
        {restore && (
          <button type="button" class="button" onClick={restore}>
            Restore
          </button>
        )}
        {endsAtMs !== undefined && <span class="meta">Mended by itself in {seconds(endsAtMs - nowMs)}</span>}
      </p>
    </div>
  );
}
