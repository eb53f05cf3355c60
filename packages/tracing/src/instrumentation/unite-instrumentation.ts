import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { checkOptions, globalSlot, optionChecks } from '@unite/shared';
import { entersContext } from './context-storage';
import { cacheEvents, cacheSpans } from './unite/cache-spans';
import type { ChannelCounters } from './unite/channel-guard';
import { cryptoEvents, cryptoSpans, cryptoTotals } from './unite/crypto-spans';
import { dbHaEvents, dbHaSpans } from './unite/db-ha-spans';
import { eventChannel } from './unite/event-channel';
import { opsEvents, opsSpans } from './unite/ops-spans';
import { quotaEvents, quotaSpans } from './unite/quota-spans';
import { totalChannel } from './unite/total-channel';
import { traceChannel } from './unite/trace-channel';

/** Options of {@link UniteInstrumentation}. */
export interface UniteInstrumentationOptions {
  /** Whether it listens at once. @default true */
  readonly enabled?: boolean | undefined;
  /** Whether what happens outside of any trace, such as a refresh in the background, starts one. @default false */
  readonly roots?: boolean | undefined;
}

/** Counters of {@link UniteInstrumentation}. They never go back. */
export interface UniteInstrumentationStats extends Readonly<ChannelCounters> {}

const spans = [...cacheSpans, ...dbHaSpans, ...quotaSpans, ...opsSpans, ...cryptoSpans];
const events = [...cacheEvents, ...dbHaEvents, ...quotaEvents, ...opsEvents, ...cryptoEvents];

/** Channels are the process's, so of all copies of this package one listens. */
const listening = () =>
  globalSlot(Symbol.for('unite.tracing.family.1'), () => ({ by: undefined as object | undefined }));

/**
 * Makes spans of what `@unite/cache`, `@unite/quota`, `@unite/db-ha`, `@unite/crypto` and `@unite/ops` tell on their
 * channels, and events of what is too short for a span. Goes into anybody's set-up; `startTracing` has it as `unite`.
 *
 * One listens per process: where there is another, in this or in another copy of the package, a further one stays
 * silent until that one is disabled and this one is enabled again.
 *
 * @example
 * new NodeSDK({ instrumentations: [new UniteInstrumentation()] });
 */
export class UniteInstrumentation implements Instrumentation {
  readonly instrumentationName = '@unite/tracing';
  readonly instrumentationVersion = '1';
  readonly #counters: ChannelCounters = { spans: 0, events: 0, droppedEvents: 0, failures: 0 };
  readonly #roots: boolean;
  #config: InstrumentationConfig;
  #tracer: Tracer;
  #stops: readonly (() => void)[] = [];

  /** @throws TypeError naming the option that is wrong */
  constructor(options: UniteInstrumentationOptions = {}) {
    checkOptions('UniteInstrumentation', options, {
      enabled: optionChecks.boolean,
      roots: optionChecks.boolean,
    });
    this.#config = { enabled: options.enabled ?? true };
    this.#roots = options.roots ?? false;
    this.#tracer = trace.getTracer(this.instrumentationName, this.instrumentationVersion);
    if (this.#config.enabled) this.enable();
  }

  /**
   * Whether spans that are started inside one of these become its children. Not where no context manager is
   * registered, and on Node 26 not in one other than `AsyncLocalStorageContextManager`: there it is asked for its own
   * storage.
   */
  get nests(): boolean {
    return entersContext();
  }

  /** Whether this is the one that listens. */
  get isListening(): boolean {
    return listening().by === this;
  }

  stats(): UniteInstrumentationStats {
    return { ...this.#counters };
  }

  /** Does nothing where one listens already. */
  enable(): void {
    const slot = listening();
    if (slot.by) return;
    slot.by = this;
    const maker = { tracer: () => this.#tracer, roots: this.#roots, counters: this.#counters };
    this.#stops = [
      ...spans.map((one) => traceChannel(one, maker)),
      ...events.map((one) => eventChannel(one, this.#counters)),
      ...cryptoTotals.map((one) => totalChannel(one, this.#counters)),
    ];
  }

  disable(): void {
    const slot = listening();
    if (slot.by !== this) return;
    slot.by = undefined;
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = provider.getTracer(this.instrumentationName, this.instrumentationVersion);
  }

  /** It measures nothing. */
  setMeterProvider(): void {}

  getConfig(): InstrumentationConfig {
    return this.#config;
  }

  setConfig(config: InstrumentationConfig): void {
    this.#config = { enabled: true, ...config };
  }
}
