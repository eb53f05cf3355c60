import { createHash } from 'node:crypto';
import type { ContextSource } from '@unite/core';
import { describeValue } from '@unite/shared';
import { LRUCache } from 'lru-cache';
import type { ModelUsage, PriceBook } from '../cost/cost-types';
import { QuotaError } from '../errors';
import { Memo } from '../memo';
import { checkCalendar } from '../period/check-calendar';
import type { Calendar } from '../period/period-types';
import { costUnit } from '../plan/name-limit';
import type { NamedLimit, Plan, Plans } from '../plan/plan-types';
import type { QuotaOptions, TenantTerms, Use, UseRequest } from '../types';
import { checkUse } from './amounts';
import { andThen } from './and-then';
import { noRequest } from './check-request';
import { LimitSets } from './limit-set';
import { type Priced, priceUse } from './pricing';

/** Calendars whose periods are remembered. */
const maxCalendars = 10_000;
/** Names of tenants, and of those for whom there are shared limits, that are remembered. */
const maxNames = 10_000;
/** A ledger takes no longer ones. */
const textMax = 255;
/** A ledger writes before it what it is the key of. */
const keyMax = 240;
/** Control characters, and halves of surrogate pairs, which are no UTF-8. */
const unsafe = /[\p{Cc}\p{Surrogate}]/u;

/** Whose counters are asked, and with which limits. */
export interface Part {
  readonly subject: string;
  readonly sets: LimitSets;
  /** Its counts are those of the ledger. */
  readonly isLedgered: boolean;
  /** Stands before keys and holds, which are a tenant's own, where other tenants have theirs too. */
  readonly idPrefix: string;
}

interface SharedLimits {
  readonly sets: LimitSets;
  readonly subjects: Memo<string>;
}

/** A request that was understood. */
export interface Ask {
  readonly tenantId: string;
  readonly plan: Plan;
  readonly parts: readonly Part[];
  readonly use: Use;
  readonly priced: Priced;
  /** Of the price book. */
  readonly priceVersion: string | undefined;
  readonly route: string | undefined;
  /** The client's idempotency key. */
  readonly key: string | undefined;
  readonly fingerprint: string;
}

/** Understands requests: whose, on which plan, how much. */
export class Asks {
  readonly #plans: Plans;
  readonly #prices: PriceBook | undefined;
  readonly #termsOf: QuotaOptions['termsOf'];
  readonly #context: ContextSource;
  readonly #isLedgered: boolean;
  readonly #subjects: Memo<string> = subjectsOf('tenant');
  readonly #shared: ReadonlyMap<string, SharedLimits>;
  readonly #units: ReadonlySet<string>;
  readonly #countsCost: boolean;
  readonly #usual: ReadonlyMap<Plan, LimitSets>;
  readonly #calendars = new LRUCache<string, LimitSets>({ max: maxCalendars });

  constructor(
    options: Pick<QuotaOptions, 'plans' | 'prices' | 'termsOf' | 'ledger'>,
    shared: ReadonlyMap<string, readonly NamedLimit[]>,
    context: ContextSource,
  ) {
    this.#plans = options.plans;
    this.#prices = options.prices;
    this.#termsOf = options.termsOf;
    this.#context = context;
    this.#isLedgered = options.ledger !== undefined;
    this.#shared = new Map(
      [...shared].map(([scope, limits]) => [
        scope,
        { sets: new LimitSets(limits, {}), subjects: subjectsOf(scope) },
      ]),
    );
    const sharedUnits = [...shared.values()].flatMap((limits) => limits.map(({ of }) => of));
    const plans = [...options.plans.byName.values()];
    this.#usual = new Map(plans.map((plan) => [plan, new LimitSets(plan.limits, {})]));
    const priced = plans.flatMap(({ unitPricesNanoUsdPerMillion }) => [
      ...unitPricesNanoUsdPerMillion.keys(),
    ]);
    this.#units = new Set([
      ...options.plans.units,
      ...sharedUnits,
      ...priced,
      ...(options.prices?.units ?? []),
    ]);
    this.#countsCost = this.#units.has(costUnit);
  }

  /** At once, unless the terms have to be looked up. */
  read(owner: string, request: UseRequest): Ask | Promise<Ask> {
    if (typeof request !== 'object' || request === null) throw noRequest(owner, request);
    const tenantId = this.tenantOf(owner, request.tenantId);
    const terms = this.termsOf(owner, tenantId, request);
    if (terms instanceof Promise) return this.#readSoon(owner, request, tenantId, terms);
    return this.#read(owner, request, tenantId, terms);
  }

  tenantOf(owner: string, given: string | undefined): string {
    const tenantId = given ?? this.#context()?.tenantId;
    if (tenantId === undefined) {
      const text = `${owner}: neither "tenantId" nor the context names a tenant`;
      throw new QuotaError('UNITE_QUOTA_TENANT_MISSING', text);
    }
    return this.#subjects.has(tenantId) ? tenantId : safeText(owner, 'tenantId', tenantId);
  }

  /** What the call says, else what `termsOf` says, else the plan of the context. */
  termsOf(
    owner: string,
    tenantId: string,
    given: Pick<UseRequest, 'plan' | 'timeZone' | 'billingAnchor'>,
  ): TenantTerms | Promise<TenantTerms> {
    if (given.plan !== undefined) return given as TenantTerms;
    if (this.#termsOf) return andThen(this.#termsOf(tenantId), (found) => completed(given, found));
    const context = this.#context();
    if (context?.plan !== undefined && context.tenantId === tenantId) return { ...given, plan: context.plan };
    const text = `${owner}: nothing names the tenant's plan: give "plan", or "termsOf" to createQuota`;
    throw new QuotaError('UNITE_QUOTA_PLAN_MISSING', text);
  }

  planNamed(owner: string, name: unknown): Plan {
    const plan = this.#plans.byName.get(name as string);
    if (plan) return plan;
    const text = `${owner}: no plan is named ${describeValue(name)}; known are ${this.#plans.names.join(', ')}`;
    throw new QuotaError('UNITE_QUOTA_PLAN_UNKNOWN', text);
  }

  /** The tenant's own limits. */
  tenantPart(owner: string, tenantId: string, plan: Plan, calendar: Calendar): Part {
    return {
      subject: this.#subjects.of(tenantId),
      sets: this.#setsOf(owner, plan, calendar),
      isLedgered: this.#isLedgered,
      idPrefix: '',
    };
  }

  /** @throws QuotaError for what is used or priced wrongly */
  price(owner: string, use: Use, model: ModelUsage | undefined, plan: Plan): { use: Use; priced: Priced } {
    checkUse(owner, use, this.#units);
    const whole = model && use.aiTokens === undefined && this.#units.has('aiTokens');
    const tokens = whole ? { ...use, aiTokens: model.inputTokens + model.outputTokens } : use;
    const priced = priceUse(tokens, model, plan, this.#prices);
    if (whole) checkUse(owner, tokens, this.#units);
    if (!this.#countsCost || tokens[costUnit] !== undefined) return { use: tokens, priced };
    const withCost = { ...tokens, [costUnit]: Number(priced.nanoUsd) };
    checkUse(owner, withCost, this.#units);
    return { use: withCost, priced };
  }

  #readSoon(owner: string, request: UseRequest, tenantId: string, terms: Promise<TenantTerms>): Promise<Ask> {
    return terms.then((found) => this.#read(owner, request, tenantId, found));
  }

  #read(owner: string, request: UseRequest, tenantId: string, terms: TenantTerms): Ask {
    const plan = this.planNamed(owner, terms.plan);
    const { use, priced } = this.price(owner, request.use, request.model, plan);
    const part = this.tenantPart(owner, tenantId, plan, terms);
    const isAlone = this.#shared.size === 0 && request.for === undefined;
    const parts = isAlone ? [part] : [part, ...this.#sharedParts(owner, request, tenantId)];
    if (priced.isUnpriced && parts.some(({ sets }) => sets.limitsCost)) {
      const text = `${owner}: cost is limited, and model ${describeValue(request.model?.model)} has no price`;
      throw new QuotaError('UNITE_QUOTA_MODEL_UNPRICED', text);
    }
    const { idempotencyKey } = request;
    const key =
      idempotencyKey === undefined ? undefined : safeText(owner, 'idempotencyKey', idempotencyKey, keyMax);
    const route = request.route ?? this.#context()?.route;
    if (route !== undefined) safeText(owner, 'route', route);
    return {
      tenantId,
      plan,
      parts,
      use,
      priced,
      priceVersion: this.#prices?.version,
      route,
      key,
      fingerprint: key === undefined ? '' : fingerprintOf(owner, request, route),
    };
  }

  #sharedParts(owner: string, request: UseRequest, tenantId: string): readonly Part[] {
    const given = request.for ?? {};
    const idPrefix = `${tenantId.length}:${tenantId}:`;
    for (const scope of Object.keys(given)) {
      if (this.#shared.has(scope)) continue;
      const text = `${owner}: "for" names "${scope.slice(0, 64)}", for which createQuota has no shared limits`;
      throw new QuotaError('UNITE_QUOTA_KEY_INVALID', text);
    }
    return [...this.#shared].flatMap(([scope, { sets, subjects }]) => {
      const whom = scope === 'everyone' ? '' : given[scope];
      if (whom === undefined) return [];
      const isKnown = scope === 'everyone' || subjects.has(whom);
      const name = isKnown ? whom : safeText(owner, `for.${scope}`, whom);
      return [{ subject: subjects.of(name), sets, isLedgered: false, idPrefix }];
    });
  }

  #setsOf(owner: string, plan: Plan, calendar: Calendar): LimitSets {
    const { timeZone, billingAnchor } = calendar;
    if (timeZone === undefined && billingAnchor === undefined) {
      return this.#usual.get(plan) as LimitSets;
    }
    const key = `${plan.name}|${timeZone}|${billingAnchor}`;
    let sets = this.#calendars.get(key);
    if (!sets) {
      checkCalendar(owner, calendar);
      sets = new LimitSets(plan.limits, { timeZone, billingAnchor });
      this.#calendars.set(key, sets);
    }
    return sets;
  }
}

/** Of names that were found safe. */
function subjectsOf(scope: string): Memo<string> {
  return new Memo(maxNames, (name) => `${scope}:${name}`);
}

/** @throws QuotaError `UNITE_QUOTA_KEY_INVALID` */
function safeText(owner: string, field: string, value: unknown, most = textMax): string {
  if (typeof value === 'string' && value !== '' && value.length <= most && !unsafe.test(value)) return value;
  const demand = `1 to ${most} characters without control characters`;
  const got = typeof value === 'string' ? `${value.length} characters` : describeValue(value);
  throw new QuotaError('UNITE_QUOTA_KEY_INVALID', `${owner}: "${field}" must be ${demand}, got ${got}`);
}

/** What the call does not say. */
function completed(
  { timeZone, billingAnchor }: Pick<UseRequest, 'timeZone' | 'billingAnchor'>,
  found: TenantTerms,
): TenantTerms {
  return {
    ...found,
    ...(timeZone !== undefined && { timeZone }),
    ...(billingAnchor !== undefined && { billingAnchor }),
  };
}

/** What was asked, whatever the order in which it was written, and whatever it costs by now. */
function fingerprintOf(owner: string, { use, model }: UseRequest, route: string | undefined): string {
  const sorted = (entries: object) =>
    Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([owner, route, sorted(use), model && sorted(model)]);
  return createHash('sha256').update(text).digest('base64url');
}
