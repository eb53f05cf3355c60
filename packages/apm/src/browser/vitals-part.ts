import type { BrowserVitalsOptions } from './browser-types';
import { pageOf } from './page-of';
import { send } from './send';
import type { Part } from './start-browser-apm';

/** Observes the web vitals, and sends them when the page is hidden: the last moment that every browser tells of. */
export function vitalsPart({ url, load }: BrowserVitalsOptions, route: () => string | undefined): Part {
  let values: Record<string, number> = {};
  let isGranted = () => false;
  let isLoaded = false;
  return {
    async set(granted) {
      isGranted = granted;
      if (!granted()) values = {};
      if (!granted() || isLoaded) return;
      const { onLCP, onINP, onCLS, onFCP, onTTFB } = await load();
      if (!granted()) return;
      isLoaded = true;
      for (const on of [onLCP, onINP, onCLS, onFCP, onTTFB]) {
        on(({ name, value }) => {
          values[name] = value;
        });
      }
      // After those of the library, which tells its last values at that moment, too.
      document.addEventListener('visibilitychange', tell);
    },
  };

  function tell(): void {
    if (document.visibilityState !== 'hidden' || !isGranted() || Object.keys(values).length === 0) return;
    send(url, { ...pageOf(route), values }).catch(() => {});
    values = {};
  }
}
