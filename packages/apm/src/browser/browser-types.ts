/** What a person has said about being measured. */
export type Consent = 'granted' | 'denied';

/** Calls `tell` with what is known, and again with each change. */
export type ConsentSource = (tell: (consent: Consent) => void) => void;

/** What runs; the release and the deployment must be those of the server. */
export interface BrowserService {
  readonly name: string;
  readonly release?: string | undefined;
  readonly environment?: string | undefined;
  readonly deployment?: { readonly id: string } | undefined;
}

/** The part of `@datadog/browser-rum` that is used. */
export interface DatadogModule {
  readonly datadogRum: {
    init(configuration: never): void;
    setTrackingConsent(consent: 'granted' | 'not-granted'): void;
    stopSessionReplayRecording(): void;
    stopSession(): void;
  };
}

/** Datadog's real user monitoring. */
export interface BrowserDatadogOptions {
  /** `() => import('@datadog/browser-rum')`: the application's bundler makes a file of it that is loaded after consent. */
  readonly load: () => Promise<DatadogModule>;
  readonly applicationId: string;
  readonly clientToken: string;
  /** Such as `datadoghq.eu`. */
  readonly site?: string | undefined;
  /** Address of your own that passes on what is sent. */
  readonly proxy?: string | undefined;
  /** Share of the sessions, in percent. @default 100 */
  readonly sessionSampleRate?: number | undefined;
  /** Share of them that is recorded, in percent. @default 0 */
  readonly sessionReplaySampleRate?: number | undefined;
  /** Origins whose requests get trace headers. @default none */
  readonly allowedTracingUrls?: readonly (string | RegExp)[] | undefined;
  /** Whatever else `datadogRum.init` takes. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of `@sentry/browser` that is used. */
export interface SentryModule {
  init(options: never): unknown;
  getClient(): { getOptions(): { enabled?: boolean | undefined } } | undefined;
  replayIntegration(options: never): unknown;
  getReplay(): { start(): void; stop(): Promise<void> } | undefined;
}

/** Sentry in the page. */
export interface BrowserSentryOptions {
  /** `() => import('@sentry/browser')`. */
  readonly load: () => Promise<SentryModule>;
  readonly dsn: string;
  /** Where `sentryTunnel` is, such as `/api/sentry`. @default the host of the DSN */
  readonly tunnel?: string | undefined;
  /** Share of the errors, from 0 to 1. @default 1 */
  readonly sampleRate?: number | undefined;
  /** Share of the sessions that is recorded, from 0 to 1. @default 0 */
  readonly replaysSessionSampleRate?: number | undefined;
  /** Share of the sessions with an error whose last minute is recorded, from 0 to 1. @default 0 */
  readonly replaysOnErrorSampleRate?: number | undefined;
  /** Whatever else `init` takes. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** Errors of the page to an address of your own. */
export interface BrowserErrorsOptions {
  /** Where `browserErrorsHandler` is. */
  readonly url: string;
  /**
   * Whether they are sent without consent, too. They hold no identifier of a person and nothing is stored; whether that is
   * a legitimate interest is for you to decide. @default false
   */
  readonly withoutConsent?: boolean | undefined;
}

/** The part of `web-vitals` that is used. */
export type VitalsModule = Readonly<
  Record<
    'onLCP' | 'onINP' | 'onCLS' | 'onFCP' | 'onTTFB',
    (report: (metric: { readonly name: string; readonly value: number }) => void) => void
  >
>;

/** Web vitals to an address of your own. */
export interface BrowserVitalsOptions {
  /** Where `browserVitalsHandler` is. */
  readonly url: string;
  /** `() => import('web-vitals')`. */
  readonly load: () => Promise<VitalsModule>;
}

/** Options of `startBrowserApm`. */
export interface BrowserApmOptions {
  readonly service: BrowserService;
  /** What is known at the start, or who tells. */
  readonly consent: Consent | ConsentSource;
  /**
   * The template of the page that is shown, such as `/contacts/[id]`, where the page changes without a new document.
   * @default what the server said in `Server-Timing`
   */
  readonly route?: (() => string | undefined) | undefined;
  readonly datadog?: BrowserDatadogOptions | undefined;
  readonly sentry?: BrowserSentryOptions | undefined;
  readonly errors?: BrowserErrorsOptions | undefined;
  readonly vitals?: BrowserVitalsOptions | undefined;
  /** Where `feedbackHandler` is. */
  readonly feedback?: { readonly url: string } | undefined;
}

/** What a person says. Sent because they pressed a button for it, whatever the consent. */
export interface BrowserFeedback {
  readonly message: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Of the error that it is about: the `eventId` of its problem document. */
  readonly eventId?: string | undefined;
}

/** What `startBrowserApm` started. */
export interface BrowserApm {
  /** Given later, or withdrawn. */
  consent(consent: Consent): void;
  /** @returns whether it arrived; `false` for one without a message, which is not sent */
  feedback(feedback: BrowserFeedback): Promise<boolean>;
}
