import { describeValue } from '@unite/shared';
import { publishUse } from '../channels';
import type { ModelUsage } from '../cost/cost-types';
import { QuotaError } from '../errors';
import type { CostLine } from '../ledger/ledger-types';
import { costUnit } from '../plan/name-limit';
import type { SettleReply } from '../store/store-types';
import type { Actual, Settlement, Use } from '../types';
import type { Admission, AdmissionParts } from './admission-types';
import { differences } from './amounts';
import type { Ask, Asks, Part } from './ask';
import { amountsOf } from './decider';
import { eventOf, tenantPart } from './event-of';
import type { Priced } from './pricing';
import { StoreDown, type StoreGate } from './store-gate';

/** How long it is known that a hold was settled, in milliseconds. */
export const rememberSettledMs = 86_400_000;

/** Nothing at all. */
export const noUse: ActualUse = Object.freeze({
  use: {},
  priced: { lines: [], nanoUsd: 0n, isUnpriced: false },
});

const usageFields: ReadonlySet<string> = new Set([
  'model',
  'inputTokens',
  'outputTokens',
  'cachedInputTokens',
  'reasoningTokens',
]);

/** What is known of a hold. */
export interface HeldUse {
  readonly id: string;
  readonly ask: Ask;
  readonly admission: Admission;
  /** By the store's clock. */
  readonly expiresAtMs: number;
}

/** What a hold came to. */
export interface ActualUse {
  readonly use: Use;
  readonly priced: Priced;
}

/** Makes of what was reserved what was used. */
export class Settlements {
  readonly #asks: Asks;
  readonly #gate: StoreGate;
  readonly #with: AdmissionParts;

  constructor(asks: Asks, gate: StoreGate, parts: AdmissionParts) {
    this.#asks = asks;
    this.#gate = gate;
    this.#with = parts;
  }

  /**
   * What `actual` says, and for the rest the estimate. A model without a price costs what was estimated.
   *
   * @throws QuotaError for bad input; nothing is settled then
   */
  read({ ask }: HeldUse, actual: Actual): ActualUse {
    if (typeof actual !== 'object' || actual === null) throw noActual(actual);
    const { use: given, ...usageGiven } = actual;
    const { [costUnit]: estimatedCost, ...estimate } = ask.use;
    const usage = readUsage(usageGiven);
    if (usage && given?.aiTokens === undefined) delete (estimate as Record<string, number>).aiTokens;
    const { use, priced } = this.#asks.price('commit', { ...estimate, ...given }, usage, ask.plan);
    if (!usage && given === undefined) return { use: ask.use, priced: ask.priced };
    if (!priced.isUnpriced) return { use, priced };
    const lines = [...ask.priced.lines, ...priced.lines.filter(({ costNanoUsd }) => costNanoUsd === null)];
    const withEstimate = estimatedCost === undefined ? use : { ...use, [costUnit]: estimatedCost };
    return { use: withEstimate, priced: { lines, nanoUsd: ask.priced.nanoUsd, isUnpriced: true } };
  }

  async settle(held: HeldUse, actual: ActualUse): Promise<Settlement> {
    const results = await this.#settleInStore(held, actual);
    const { ask } = held;
    const reply = results[0] instanceof StoreDown ? undefined : results[0];
    if (reply?.outcome === 'repeated')
      return settlementOf(ask.use, ask.priced, { isLate: false, isRepeated: true });
    const isLate =
      reply?.outcome === 'settled' ? reply.isLate : this.#with.storeClock.nowMs() >= held.expiresAtMs;
    const charged = isLate ? atLeast(ask, actual) : actual;
    this.#owe(held, positive(differences(charged.use, ask.use)), results);
    const isRepeated = await this.#writeDown(held, charged, reply);
    return settlementOf(charged.use, charged.priced, { isLate, isRepeated });
  }

  /** @returns one for each part; none for what the store does not know */
  async #settleInStore(
    { id, ask, admission }: HeldUse,
    { use }: ActualUse,
  ): Promise<readonly (SettleReply | StoreDown)[]> {
    if (!admission.isInStore) {
      this.#with.fallback.settle(ask, id, use);
      return [];
    }
    const results = await Promise.all(
      ask.parts.map((part) => this.#settlePart(part, id, admission.atMs, use)),
    );
    for (const { subject } of ask.parts) this.#with.denials.forget(subject);
    return results;
  }

  async #settlePart(part: Part, id: string, atMs: number, use: Use): Promise<SettleReply | StoreDown> {
    const set = part.sets.at(atMs);
    try {
      return await this.#gate.ask((store) =>
        store.settle({
          subject: part.subject,
          limits: set.forStore,
          amounts: amountsOf(set, use),
          holdId: part.idPrefix + id,
          keepMs: set.keepMs,
          rememberMs: rememberSettledMs,
        }),
      );
    } catch (error) {
      if (error instanceof StoreDown) return error;
      throw error;
    }
  }

  /** What a store has forgotten cannot be given back; what is owed is owed. A ledger sees to its tenant's own limits. */
  #owe({ ask, admission }: HeldUse, more: Use, results: readonly (SettleReply | StoreDown)[]): void {
    const { arrears, recorder } = this.#with;
    for (const [index, part] of ask.parts.entries()) {
      const result = results[index];
      if (part.isLedgered || Object.keys(more).length === 0) continue;
      if (result instanceof StoreDown && result.wasSent) recorder.lose({ amounts: more }, 'uncertain');
      else if (result === undefined || result instanceof StoreDown || result.outcome === 'unknown')
        arrears.add([part], more, admission.atMs);
    }
  }

  /** @returns whether it was written down before */
  async #writeDown(held: HeldUse, actual: ActualUse, reply: SettleReply | undefined): Promise<boolean> {
    const { ask, admission, id } = held;
    const amounts = differences(actual.use, ask.use);
    const costs = costDifferences(actual.priced, ask.priced);
    this.#publish(ask, amounts, costs, actual.priced.isUnpriced);
    const { ledger, isDurable, recorder, rehydrator } = this.#with;
    const isSettled = reply?.outcome === 'settled';
    if (!ledger) return false;
    if (Object.keys(amounts).length === 0 && costs.length === 0) return false;
    const part = tenantPart(ask);
    const event = {
      ...eventOf(ask, 'settle', `settled:${id}`, admission.atMs),
      amounts,
      costs,
    };
    const entry = { event, part, epoch: isSettled ? reply.epoch : undefined };
    if (!isDurable) {
      recorder.write(entry);
      return false;
    }
    const outcome = await recorder.append(entry).catch(() => 'stale' as const);
    // The use is a fact: it is written down under any epoch, now or as soon as that can be.
    if (outcome === 'stale') recorder.write({ ...entry, epoch: undefined });
    if (outcome !== 'stored') rehydrator.suspect(part, ask.tenantId);
    return outcome === 'repeated';
  }

  #publish({ plan, tenantId, route }: Ask, use: Use, lines: readonly CostLine[], isUnpriced: boolean): void {
    if (isUnpriced) this.#with.counts.unpriced += 1;
    publishUse(this.#with.name, { plan, tenantId, route, use }, { lines, isUnpriced });
  }
}

/** A settlement, as the caller is told. */
function settlementOf(
  use: Use,
  { nanoUsd, isUnpriced, lines }: Priced,
  how: Pick<Settlement, 'isLate' | 'isRepeated'>,
): Settlement {
  return { use, costNanoUsd: lines.length === 0 ? undefined : nanoUsd, isUnpriced, ...how };
}

/** Most likely a call that was meant as `commit({})`: what was estimated. */
function noActual(actual: unknown): QuotaError {
  const text = `commit: what was used must be an object such as { use: { aiTokens: 900 } }, {} for the estimate, got ${describeValue(actual)}`;
  return new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
}

/** @throws QuotaError for what is no part of a model's usage: a typing mistake would be free */
function readUsage(given: Partial<ModelUsage>): ModelUsage | undefined {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  if (said.length === 0) return undefined;
  for (const [field] of said) {
    if (usageFields.has(field)) continue;
    const text = `commit: "${field.slice(0, 64)}" is none of use, ${[...usageFields].join(', ')}`;
    throw new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
  }
  // Without a name, the price book says what is wrong.
  return { inputTokens: 0, outputTokens: 0, ...Object.fromEntries(said) } as ModelUsage;
}

/** After the expiry the estimate is the least. */
function atLeast(ask: Ask, actual: ActualUse): ActualUse {
  const units = new Set([...Object.keys(ask.use), ...Object.keys(actual.use)]);
  const use = Object.fromEntries(
    [...units].map((unit) => [unit, Math.max(ask.use[unit] ?? 0, actual.use[unit] ?? 0)] as const),
  );
  return { use, priced: actual.priced.nanoUsd >= ask.priced.nanoUsd ? actual.priced : ask.priced };
}

/** The lines that are new, and those of the estimate taken back. */
function costDifferences(actual: Priced, estimate: Priced): readonly CostLine[] {
  if (actual === estimate) return [];
  const kept = new Set(actual.lines);
  const known = new Set(estimate.lines);
  return [
    ...actual.lines.filter((line) => !known.has(line)),
    ...estimate.lines
      .filter((line) => !kept.has(line))
      .map((line) => ({
        ...line,
        amount: -line.amount,
        costNanoUsd: line.costNanoUsd === null ? null : -line.costNanoUsd,
      })),
  ];
}

function positive(amounts: Use): Use {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount > 0));
}
