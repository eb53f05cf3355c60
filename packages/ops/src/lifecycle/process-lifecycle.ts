import type { CloseOptions } from '@unite/core';
import { backgroundClock, checkOptions, expects, observe, warnOnce } from '@unite/shared';
import type { OpsShutdownMessage } from '../channel-types';
import { shedChannel, shutdownChannel, stateChannel } from '../channels';
import { OpsError } from '../errors';
import { Health } from '../health/health';
import type { HealthReport } from '../health/health-types';
import { admitAll } from '../shedding/admit-all';
import { createLoadShedder } from '../shedding/create-load-shedder';
import type { Admission, LoadShedder, SheddingStatus } from '../shedding/shedding-types';
import type { Lifecycle, LifecycleOptions, LifecycleState, ShutdownReport, WorkSource } from '../types';
import { type LifecycleSettings, lifecycleSettings } from './lifecycle-settings';
import { shutdown } from './shutdown';

const closeChecks = {
  timeoutMs: expects('a positive number', (value) => typeof value === 'number' && value > 0),
  reason: expects('a string', (value) => typeof value === 'string'),
};

export class ProcessLifecycle implements Lifecycle {
  readonly #settings: LifecycleSettings;
  readonly #health: Health;
  readonly #shedder: LoadShedder;
  readonly #sources = new Set<WorkSource>();
  readonly #draining = new AbortController();
  #state: LifecycleState = 'starting';
  #started: Promise<void> | undefined;
  #closed: Promise<ShutdownReport> | undefined;

  constructor(options: LifecycleOptions) {
    this.#settings = lifecycleSettings(options);
    const { checks = {}, shedding, clock = backgroundClock, random = Math.random } = options;
    this.#health = new Health(checks, clock);
    this.#shedder = shedding ? createLoadShedder({ ...shedding, clock, random }) : admitAll();
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  get shedding(): SheddingStatus {
    return this.#shedder.status();
  }

  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async health(group = 'ready'): Promise<HealthReport> {
    await this.#health.refresh(group);
    return this.healthNow();
  }

  healthNow(): HealthReport {
    return this.#health.report(this.#state);
  }

  admit(): Admission {
    return this.#shedder.admit();
  }

  missing(group: string): OpsError | undefined {
    // Kept young by those who need it, where nobody asks for the health pages. The answer is for the next one.
    this.#health.refreshSoon();
    if (!this.#health.mayKnow(group))
      warnOnce(
        'UNITE_OPS_GROUP_UNKNOWN',
        `no health check tells of the group "${group}", which a route needs, so it is never refused for it. Correct the name, or give a check this group: checks: { database: { run, group: '${group}' } }`,
      );
    if (!this.#health.knowsDown(group)) return undefined;
    if (shedChannel?.hasSubscribers) shedChannel.publish({ reason: 'group', group });
    return new OpsError('UNITE_OPS_GROUP_DOWN', `what this route needs is down: ${group}`);
  }

  add(source: WorkSource): void {
    this.#sources.add(source);
    if (this.#closed) {
      source.beginDrain();
      void source.drain(AbortSignal.timeout(this.#settings.drain.timeoutMs)).catch(() => undefined);
    }
  }

  close(options: CloseOptions & { readonly reason?: string | undefined } = {}): Promise<ShutdownReport> {
    checkOptions('close', options, closeChecks);
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(): Promise<void> {
    const signal = this.#draining.signal;
    try {
      for (const step of this.#settings.onStart) {
        signal.throwIfAborted();
        await Promise.race([step(signal), whenAborted(signal)]);
      }
      signal.throwIfAborted();
    } catch (cause) {
      throw signal.aborted
        ? new OpsError('UNITE_OPS_START_ABORTED', 'the process was told to end while it started', { cause })
        : new OpsError('UNITE_OPS_START_FAILED', 'onStart failed', { cause });
    }
    this.#enter('ready', 'started');
  }

  async #close({ timeoutMs, reason = 'close' }: CloseOptions & { readonly reason?: string | undefined }) {
    const hasServed = this.#state === 'ready';
    // Told to end while it starts: whoever does not wait for the start gets no unhandled rejection for that.
    if (!hasServed) this.#started?.catch(() => undefined);
    this.#enter('draining', reason);
    this.#draining.abort(new OpsError('UNITE_OPS_DRAINING', `the process is about to end (${reason})`));
    const plan = {
      reason,
      timeoutMs: timeoutMs ?? this.#settings.drain.timeoutMs,
      hasServed,
      sources: this.#sources,
    };
    const report = await observed(reason, () => shutdown(plan, this.#settings));
    this.#shedder.close();
    this.#enter('closed', reason);
    return report;
  }

  #enter(state: LifecycleState, reason: string): void {
    const previous = this.#state;
    this.#state = state;
    if (stateChannel?.hasSubscribers) stateChannel.publish({ state, previous, reason });
  }
}

/** Rejects when a signal aborts: a step that ignores the signal is not waited for. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function observed(reason: string, work: () => Promise<ShutdownReport>): Promise<ShutdownReport> {
  if (!shutdownChannel?.hasSubscribers) return work();
  const message: OpsShutdownMessage = { reason };
  return observe(shutdownChannel, message, async () => {
    const report = await work();
    message.report = report;
    return report;
  });
}
