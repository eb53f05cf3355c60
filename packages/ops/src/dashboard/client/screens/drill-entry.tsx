import { useState } from 'preact/hooks';
import type { DrillState } from '../../screen-types';
import { useAction } from '../ui/use-action';
import { DrillBanner } from './drill-banner';

export interface DrillEntryProps {
  readonly drill: DrillState;
  readonly nowMs: number;
  readonly mayAct: boolean;
}

/** In place of the button that has led here: the harmless one of the two. */
const takeFocus = (button: HTMLButtonElement | null) => button?.focus();

/** One drill: first it says what should hold, then it may be started, then it counts. */
export function DrillEntry({ drill, nowMs, mayAct }: DrillEntryProps) {
  const { name, title, holds, startedAtMs } = drill;
  const [isAsked, setAsked] = useState(false);
  const { isBusy, outcome, run } = useAction('drill');
  const start = async () => {
    await run({ name, action: 'start' }, 'Started');
    setAsked(false);
  };
  return (
    <li class="panel drill">
      <h2>{title}</h2>
      {startedAtMs !== undefined ? (
        <DrillBanner
          drill={drill}
          ranMs={nowMs - startedAtMs}
          nowMs={nowMs}
          restore={mayAct ? () => void run({ name, action: 'stop' }, 'Restored') : undefined}
        />
      ) : (
        <>
          <p>
            <span class="muted">What should hold: </span>
            {holds}
          </p>
          {mayAct && (
            <p class="drill-actions">
              {isAsked ? (
                <>
                  <button
                    type="button"
                    class="button button-critical"
                    aria-disabled={isBusy}
                    onClick={() => void start()}
                  >
                    Break it now
                  </button>
                  <button type="button" class="button" ref={takeFocus} onClick={() => setAsked(false)}>
                    Leave it
                  </button>
                </>
              ) : (
                <button type="button" class="button" onClick={() => setAsked(true)}>
                  Start <span class="hidden-visually">{title}</span>
                </button>
              )}
            </p>
          )}
        </>
      )}
      <p class="meta" role="status">
        {outcome}
      </p>
    </li>
  );
}
