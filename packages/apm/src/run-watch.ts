import type { Clock, Redact } from '@unite/core';
import {
  crashDirectory,
  createRunMarker,
  type ErrorCapture,
  lostRunError,
  type RunMarker,
  watchCrashes,
} from './capture';
import type { LostRun } from './capture/capture-types';
import { subscribeToFamily } from './channels';
import type { CostLedger } from './cost';
import type { MetricRegistry } from './metrics';
import { createSelfReport } from './report-self';
import type { SinkSet } from './sink-set';
import type { Service, Sink } from './sink-types';
import { slowQueryError } from './slow-query-error';
import type { Apm, ApmOptions } from './types';

/** How often the set-up's own counters become metrics. */
const reportEveryMs = 10_000;

/** The parts of a set-up that its run is watched with. */
export interface RunParts {
  readonly apm: Pick<Apm, 'slos' | 'budget' | 'flush'>;
  readonly service: Service;
  readonly clock: Clock;
  readonly redact: Redact;
  readonly sinks: SinkSet;
  readonly registry: MetricRegistry;
  readonly ledger: CostLedger;
  readonly capture: ErrorCapture['capture'];
}

/** What begins with a set-up and ends with it: the sinks, the family's channels, uncaught errors, the mark of the run. */
export class RunWatch {
  readonly lostRuns: readonly LostRun[];
  /** Puts the set-up's own counters into metrics. */
  readonly report: () => void;
  readonly #marker: RunMarker | undefined;
  readonly #ends: (() => void)[];

  constructor(options: ApmOptions, parts: RunParts) {
    const { crash = {}, channels = true, sinks = [], slowQueryMs, context } = options;
    const { apm, service, clock, redact, registry, ledger, capture } = parts;
    const directory = crash === false ? undefined : crashDirectory(crash.directory);
    this.#marker = directory === undefined ? undefined : createMarker(directory, parts, sinks);
    this.#marker?.start();
    this.lostRuns = this.#marker?.lostRuns() ?? [];
    parts.sinks.start({ service, clock, redact, spoolDirectory: directory });
    for (const lostRun of this.lostRuns) {
      capture(lostRunError(lostRun), { kind: 'lost-run', level: 'fatal', extra: { ...lostRun } });
    }

    this.report = createSelfReport(registry, {
      stats: () => parts.sinks.stats(),
      slos: () => apm.slos(),
      budget: () => apm.budget(),
      lostRuns: () => this.lostRuns.length,
    });
    const timer = setInterval(this.report, reportEveryMs).unref();
    this.#ends = [() => clearInterval(timer)];
    if (channels) {
      this.#ends.push(
        subscribeToFamily(registry, {
          onDatabaseTime: (seconds) => ledger.recordDatabaseSeconds(seconds),
          onQuotaUse: (use) => ledger.recordQuotaUse(use),
          onSlowQuery: (query) => capture(...slowQueryError(query)),
          slowQueryMs,
          context,
        }),
      );
    }
    if (crash !== false) {
      const watch = watchCrashes({
        capture,
        crash,
        sinks,
        flush: (options) => apm.flush(options),
        onEnd: (reason) => this.#marker?.ended(reason),
      });
      this.#ends.push(() => watch.close());
    }
  }

  /** An error was captured: the mark should tell of it, should the process be killed. */
  beat(): void {
    this.#marker?.beat();
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end();
    await this.#marker?.close();
  }
}

function createMarker(directory: string, parts: RunParts, given: readonly Sink[]): RunMarker {
  const { service, clock, sinks } = parts;
  const keepers = new Set(given.filter(({ crash }) => crash).map(({ name }) => name));
  const unsent = (isKept: boolean) =>
    sinks.stats().reduce((sum, { name, queued }) => sum + (isKept && keepers.has(name) ? 0 : queued), 0);
  return createRunMarker({ directory, service, clock, unsent });
}
