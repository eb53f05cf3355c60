import type { BrowserDatadogOptions, BrowserService, DatadogModule } from './browser-types';
import type { Part } from './start-browser-apm';

/** Loads Datadog's library with the first consent; what it stored goes with the consent. */
export function datadogPart(
  { load, more, ...options }: BrowserDatadogOptions,
  { name, release, environment }: BrowserService,
): Part {
  let rum: DatadogModule['datadogRum'] | undefined;
  return {
    async set(isGranted) {
      if (!rum) {
        if (!isGranted()) return;
        const loaded = await load();
        if (!isGranted()) return;
        rum = loaded.datadogRum;
        const configuration = {
          sessionSampleRate: 100,
          sessionReplaySampleRate: 0,
          defaultPrivacyLevel: 'mask',
          ...given({ ...options, service: name, env: environment, version: release }),
          ...more,
          trackingConsent: 'granted',
        };
        rum.init(configuration as never);
        return;
      }
      rum.setTrackingConsent(isGranted() ? 'granted' : 'not-granted');
      if (isGranted()) return;
      rum.stopSessionReplayRecording();
      rum.stopSession();
      forget();
    },
  };
}

/** What is left is the library's mark that its session has ended, which names nobody. */
function forget(): void {
  for (const [cookie] of document.cookie.matchAll(/\b_dd_s\w*(?==)/g)) {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is asynchronous, and not in every browser
    document.cookie = `${cookie}=; path=/; max-age=0`;
  }
  sessionStorage.removeItem('_dd_tab_id');
}

/** Libraries take an option that is `undefined` for one that is given. */
function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
