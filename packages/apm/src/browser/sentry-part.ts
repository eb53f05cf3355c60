import type { BrowserSentryOptions, BrowserService, SentryModule } from './browser-types';
import type { Part } from './start-browser-apm';

/** Loads Sentry's library with the first consent; a recording that was stored goes with the consent. */
export function sentryPart(
  { load, more, ...options }: BrowserSentryOptions,
  { release, environment, deployment }: BrowserService,
): Part {
  let sentry: SentryModule | undefined;
  const isRecorded = Boolean(options.replaysSessionSampleRate || options.replaysOnErrorSampleRate);
  return {
    async set(isGranted) {
      if (!sentry) {
        if (!isGranted()) return;
        const loaded = await load();
        if (!isGranted()) return;
        sentry = loaded;
        const replay = { maskAllText: true, maskAllInputs: true, blockAllMedia: true };
        const configuration = {
          ...options,
          release,
          environment,
          dist: deployment?.id,
          ...(isRecorded && { integrations: [sentry.replayIntegration(replay as never)] }),
          ...more,
        };
        sentry.init(configuration as never);
        return;
      }
      const settings = sentry.getClient()?.getOptions();
      if (settings) settings.enabled = isGranted();
      if (!isRecorded) return;
      const recording = sentry.getReplay();
      if (isGranted()) return recording?.start();
      await recording?.stop();
      sessionStorage.removeItem('sentryReplaySession');
    },
  };
}
