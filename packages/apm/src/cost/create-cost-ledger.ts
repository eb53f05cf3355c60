import type { ContextSource } from '@unite/core';
import { checkOptions, describeValue, expects, optionChecks, warnOnce } from '@unite/shared';
import { overflow } from '../metrics';
import type { MetricRecorder } from '../metrics/recorder-types';
import type { Service } from '../sink-types';
import { checkAiUsage } from './check-ai-usage';
import { checkCostEntry } from './check-cost-entry';
import { CostMetrics } from './cost-metrics';
import { isCostName } from './cost-name';
import { type CostPlace, CostRows } from './cost-rows';
import type { AiUsage, CostEntry, CostLedgerOptions, CostPrices, CostReport, QuotaUse } from './cost-types';
import { DatabaseTime } from './database-time';
import { type PricedLine, priceLines } from './price-lines';
import { quotaLines } from './quota-lines';

const maxUnpriced = 100;

/** What {@link createCostLedger} needs. */
export interface CostLedgerParts {
  readonly service: Service;
  readonly prices?: CostPrices | undefined;
  readonly options?: CostLedgerOptions | undefined;
  /** Says which route and tenant an entry is for. */
  readonly context: ContextSource;
  readonly recorder: MetricRecorder;
}

/** What was spent, by route, tenant, release, kind and name. No method throws: what is no cost is counted and told once. */
export interface CostLedger {
  recordAiUsage(usage: AiUsage): void;
  recordCost(entry: CostEntry): void;
  /** Takes over a message of `unite:quota:use`; nothing where `fromQuota` is false. */
  recordQuotaUse(use: QuotaUse): void;
  /** Takes the time of a query; nothing where a second has no price. */
  recordDatabaseSeconds(seconds: number): void;
  report(): CostReport;
}

/**
 * Makes the ledger of costs: exact sums in whole billionths of a US dollar.
 *
 * @throws TypeError that names the option
 */
export function createCostLedger({ prices, options = {}, ...parts }: CostLedgerParts): CostLedger {
  checkOptions('startApm: costs', options, {
    maxRows: expects('a whole number from 1 to 1,000,000', isRowCount),
    fromQuota: optionChecks.boolean,
    databaseSecondNanoUsd: expects('a bigint from 0', (value) => typeof value === 'bigint' && value >= 0n),
  });
  if (prices !== undefined && typeof prices?.modelLines !== 'function') {
    const got = describeValue(prices);
    throw new TypeError(`startApm: option "prices" must be a price book with "modelLines", got ${got}`);
  }
  return new Costs(prices, options, parts);
}

function isRowCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 1_000_000;
}

class Costs implements CostLedger {
  readonly #prices: CostPrices | undefined;
  readonly #isFromQuota: boolean;
  readonly #context: ContextSource;
  readonly #rows: CostRows;
  readonly #metrics: CostMetrics;
  readonly #databaseTime: DatabaseTime | undefined;
  readonly #unpriced = new Set<string>();
  #refused = 0;

  constructor(
    prices: CostPrices | undefined,
    { maxRows = 10_000, fromQuota = true, databaseSecondNanoUsd }: CostLedgerOptions,
    { service, context, recorder }: Omit<CostLedgerParts, 'prices' | 'options'>,
  ) {
    this.#prices = prices;
    this.#isFromQuota = fromQuota;
    this.#context = context;
    this.#rows = new CostRows(maxRows, service.release ?? '');
    this.#metrics = new CostMetrics(recorder);
    if (databaseSecondNanoUsd !== undefined) this.#databaseTime = new DatabaseTime(databaseSecondNanoUsd);
  }

  recordAiUsage(usage: AiUsage): void {
    this.#take('ai', () => {
      const checked = checkAiUsage(usage);
      const place = this.#place({});
      const lines = priceLines(this.#prices, checked);
      for (const line of lines) this.#add(place, line);
      this.#metrics.used(checked, lines);
    });
  }

  recordCost(given: CostEntry): void {
    this.#take('cost', () => {
      const { kind, name = '', costNanoUsd, tenantId, route } = checkCostEntry(given);
      this.#add(this.#place({ tenantId, route }), { unit: kind, model: name, costNanoUsd });
    });
  }

  recordQuotaUse(use: QuotaUse): void {
    if (!this.#isFromQuota) return;
    this.#take('quota', () => {
      const lines = quotaLines(use);
      if (lines.length === 0) return;
      const place = this.#place(use);
      for (const line of lines) {
        this.#add(place, line);
        this.#metrics.charged(line);
      }
    });
  }

  recordDatabaseSeconds(seconds: number): void {
    const time = this.#databaseTime;
    if (!time) return;
    this.#take('database', () => {
      const costNanoUsd = time.costOf(seconds);
      this.#add(this.#place({}), { unit: 'database', model: '', costNanoUsd });
    });
  }

  report(): CostReport {
    return { ...this.#rows.report(), unpriced: [...this.#unpriced], refused: this.#refused };
  }

  #add(place: CostPlace, line: Omit<PricedLine, 'amount'>): void {
    const { unit: kind, model: name, costNanoUsd, isUnpriced } = line;
    this.#rows.add(place, kind, name, costNanoUsd);
    this.#metrics.spent(kind, name, place.route, costNanoUsd);
    if (isUnpriced) this.#flag(name);
  }

  #flag(model: string): void {
    if (this.#unpriced.size < maxUnpriced) this.#unpriced.add(model);
    const text = `A model has no price, so that costs are too low: ${describeValue(model)}`;
    warnOnce('UNITE_APM_MODEL_UNPRICED', text);
  }

  #place(given: { readonly tenantId?: string | undefined; readonly route?: string | undefined }): CostPlace {
    const context = this.#context();
    return {
      route: placeName(given.route ?? context?.route),
      tenantId: placeName(given.tenantId ?? context?.tenantId),
    };
  }

  /** What is no cost, and a context or a getter that throws, is no failure of the request. */
  #take(source: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#refused += 1;
      this.#metrics.refused(source);
      const why = error instanceof TypeError ? error.message : 'it could not be read';
      warnOnce('UNITE_APM_COST_REFUSED', `A cost was refused: ${why}`);
    }
  }
}

function placeName(name: string | undefined): string {
  if (name === undefined) return '';
  return isCostName(name) ? name : overflow;
}
