import { QuotaError } from '../../src/errors';
import type {
  AppendOutcome,
  LedgerEvent,
  LedgerSpan,
  LedgerTotal,
  QuotaLedger,
} from '../../src/ledger/ledger-types';

/** A test double of a ledger, in memory: epochs, unique ids, and outages when it is told to. */
export class DoubleLedger implements QuotaLedger {
  readonly written: LedgerEvent[] = [];
  readonly epochs = new Map<string, number>();
  appends = 0;
  isDown = false;
  isClosed = false;
  failure: unknown = new QuotaError('UNITE_QUOTA_UNAVAILABLE', 'no ledger');
  /** Appends write, and their answers are lost. */
  losesAnswers = false;
  readonly #byTenant = new Map<string, LedgerEvent[]>();
  readonly #byId = new Map<string, LedgerEvent>();
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;
  readonly #locks = new Map<string, Promise<void>>();

  /** Appends wait until `goOn`. */
  holdBack(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  goOn(): void {
    this.#held = undefined;
    this.#release?.();
  }

  async append(event: LedgerEvent, epoch: number | undefined): Promise<AppendOutcome> {
    this.appends += 1;
    if (this.#held) await this.#held;
    if (epoch !== undefined) await this.#locks.get(event.tenantId);
    if (this.isDown) throw this.failure;
    const key = JSON.stringify([event.tenantId, event.id]);
    const known = this.#byId.get(key);
    if (known) return known.fingerprint === event.fingerprint ? 'repeated' : 'reused';
    if (epoch === 0 || (epoch !== undefined && epoch !== this.epochs.get(event.tenantId))) return 'stale';
    this.written.push(event);
    this.#byId.set(key, event);
    const others = this.#byTenant.get(event.tenantId);
    if (others) others.push(event);
    else this.#byTenant.set(event.tenantId, [event]);
    if (this.losesAnswers) throw this.failure;
    return 'stored';
  }

  async rehydrate(
    tenantId: string,
    spans: readonly LedgerSpan[],
    install: (epoch: number, sums: readonly number[]) => Promise<void>,
  ): Promise<void> {
    await this.#locks.get(tenantId);
    const work = this.#rehydrate(tenantId, spans, install);
    const lock = work.catch(() => undefined);
    this.#locks.set(tenantId, lock);
    await work.finally(() => {
      if (this.#locks.get(tenantId) === lock) this.#locks.delete(tenantId);
    });
  }

  async totals(tenantId: string, startAtMs: number, endAtMs: number): Promise<readonly LedgerTotal[]> {
    if (this.isDown) throw this.failure;
    return this.#of(tenantId, startAtMs, endAtMs)
      .filter(({ kind }) => kind !== 'refused')
      .flatMap(({ amounts, costs, route }) => {
        const billed = new Set(costs.map(({ unit }) => unit));
        const free = Object.entries(amounts).filter(([unit]) => !billed.has(unit));
        return [
          ...free.map(([unit, amount]) => total(unit, route, undefined, amount, 0n, 0)),
          ...costs.map(({ unit, model, amount, costNanoUsd }) =>
            total(unit, route, model, amount, costNanoUsd ?? 0n, costNanoUsd === null ? 1 : 0),
          ),
        ];
      });
  }

  async *events(tenantId: string, startAtMs: number, endAtMs: number): AsyncGenerator<LedgerEvent> {
    if (this.isDown) throw this.failure;
    yield* this.#of(tenantId, startAtMs, endAtMs);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  sum(tenantId: string, unit: string, startAtMs = 0, endAtMs = Number.POSITIVE_INFINITY): number {
    return this.#of(tenantId, startAtMs, endAtMs)
      .filter(({ kind }) => kind !== 'refused')
      .reduce((sum, { amounts }) => sum + (amounts[unit] ?? 0), 0);
  }

  #of(tenantId: string, startAtMs: number, endAtMs: number): LedgerEvent[] {
    return (this.#byTenant.get(tenantId) ?? [])
      .filter(({ occurredAtMs }) => occurredAtMs >= startAtMs && occurredAtMs < endAtMs)
      .sort((one, other) => one.occurredAtMs - other.occurredAtMs);
  }

  async #rehydrate(
    tenantId: string,
    spans: readonly LedgerSpan[],
    install: (epoch: number, sums: readonly number[]) => Promise<void>,
  ): Promise<void> {
    if (this.isDown) throw this.failure;
    const before = this.epochs.get(tenantId) ?? 0;
    this.epochs.set(tenantId, before + 1);
    const sums = spans.map(({ unit, startAtMs, endAtMs }) => this.sum(tenantId, unit, startAtMs, endAtMs));
    try {
      await install(before + 1, sums);
    } catch (error) {
      this.epochs.set(tenantId, before);
      throw error;
    }
  }
}

function total(
  unit: string,
  route: string | undefined,
  model: string | undefined,
  amount: number,
  costNanoUsd: bigint,
  unpriced: number,
): LedgerTotal {
  return { unit, route, model, amount: BigInt(amount), costNanoUsd, unpriced };
}
