import type { Clock } from '@unite/core';
import type { CacheSettings } from './store-types';
import { isPageHidden } from './watch-page';

type Wish = Pick<CacheSettings, 'refreshEveryMs' | 'refreshWhenHidden'>;

/** The interval of one key: a single timer, whatever the number of components. */
export class RefreshTimer {
  readonly #clock: Clock;
  readonly #refresh: () => void;
  #waiting: AbortController | undefined;

  constructor(clock: Clock, refresh: () => void) {
    this.#clock = clock;
    this.#refresh = refresh;
  }

  /**
   * Sets the timer anew.
   *
   * @param wishes what the components want; none stops it
   * @param settledAtMs when the last request was through
   */
  schedule(wishes: readonly Wish[], settledAtMs: number): void {
    this.#waiting?.abort();
    const everyMs = Math.min(...wishes.map(({ refreshEveryMs }) => refreshEveryMs));
    if (everyMs === Number.POSITIVE_INFINITY) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    // Bounded on both sides: the machine's time may have been set anew.
    const restMs = Math.max(0, Math.min(everyMs, settledAtMs + everyMs - this.#clock.wallMs()));
    this.#clock.sleep(restMs, waiting.signal).then(
      () => {
        if (!isPageHidden() || wishes.some(({ refreshWhenHidden }) => refreshWhenHidden)) this.#refresh();
      },
      () => undefined,
    );
  }
}
