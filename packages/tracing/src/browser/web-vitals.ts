import type { WebVitals } from './report-types';
import { navigationEntry } from './server-trace';

/** Layout shifts of one burst count together: at most 1 s apart, and 5 s in all. https://web.dev/articles/cls */
const maxGapMs = 1_000;
const maxSessionMs = 5_000;

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

interface Interaction extends PerformanceEntry {
  readonly interactionId?: number;
}

/**
 * Observes the web vitals of this page. What a browser does not measure is left out. INP is the longest interaction,
 * which it is by definition up to 50 of them: https://web.dev/articles/inp
 */
export function observeVitals(): { values(): WebVitals; stop(): void } {
  const vitals: WebVitals = {};
  const observers: { observer: PerformanceObserver; see: (entries: PerformanceEntry[]) => void }[] = [];
  let session = { startMs: 0, endMs: 0, value: 0 };

  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') vitals.fcpMs = startTime;
  });
  observe('largest-contentful-paint', ({ startTime }) => {
    vitals.lcpMs = startTime;
  });
  observe<Shift>('layout-shift', ({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return;
    const goesOn = startTime - session.endMs < maxGapMs && startTime - session.startMs < maxSessionMs;
    session = {
      startMs: goesOn ? session.startMs : startTime,
      endMs: startTime,
      value: value + (goesOn ? session.value : 0),
    };
    vitals.cls = Math.max(vitals.cls ?? 0, session.value);
  });
  observe<Interaction>('event', interaction, { durationThreshold: 40 });
  observe<Interaction>('first-input', interaction);

  return {
    values() {
      for (const { observer, see } of observers) see(observer.takeRecords());
      const ttfbMs = navigationEntry()?.responseStart;
      return ttfbMs ? { ttfbMs, ...vitals } : { ...vitals };
    },
    stop() {
      for (const { observer } of observers) observer.disconnect();
    },
  };

  function interaction({ interactionId, duration }: Interaction): void {
    if (interactionId) vitals.inpMs = Math.max(vitals.inpMs ?? 0, duration);
  }

  function observe<Entry extends PerformanceEntry>(
    type: string,
    seen: (entry: Entry) => void,
    options?: object,
  ): void {
    try {
      const see = (entries: PerformanceEntry[]) => (entries as Entry[]).forEach(seen);
      const observer = new PerformanceObserver((list) => see(list.getEntries()));
      observer.observe({ type, buffered: true, ...options });
      observers.push({ observer, see });
    } catch {
      // This browser does not measure it.
    }
  }
}
