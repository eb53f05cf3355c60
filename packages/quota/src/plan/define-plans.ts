import { describeValue } from '@unite/shared';
import { nanoUsd, nanoUsdPerMillion } from '../cost/usd';
import { nameLimit, shorthandOf } from './name-limit';
import type { NamedLimit, Plan, PlanDefinition, Plans, UsdAmount } from './plan-types';

/** Prices of a plan, and the units that they are for. */
const unitOfPrice = {
  costPerToken: 'aiTokens',
  costPerCall: 'apiCalls',
  costPerStorageGbHour: 'storageGbHours',
} as const;
const reserved = new Set<string>(['monthlyPriceUsd', ...Object.keys(unitOfPrice)]);
const resourceName = /^([a-z]\w*)Max$/;

/**
 * The plans of an application. Every plan says something of every limit, `null` for none: one that is forgotten would be
 * no limit at all.
 *
 * @throws TypeError that names the plan, the limit and what it got
 * @example
 * const plans = definePlans({
 *   free: { apiCallsPerDay: 1_000, aiTokensPerDay: 50_000, contactsMax: 100 },
 *   pro: { apiCallsPerDay: 100_000, aiTokensPerDay: null, contactsMax: 10_000, monthlyPriceUsd: 49 },
 * });
 */
export function definePlans<const Definitions extends Readonly<Record<string, PlanDefinition>>>(
  definitions: Definitions,
): Plans<keyof Definitions & string> {
  const names = Object.keys(Object(definitions));
  if (names.length === 0)
    throw new TypeError(`definePlans: there must be a plan, got ${describeValue(definitions)}`);
  const limitNames = new Map<string, string>();
  for (const plan of names) {
    if (!/^[\w.-]{1,64}$/.test(plan)) {
      throw new TypeError(
        `definePlans: a plan's name must be 1 to 64 letters, digits, ".", "_" and "-", got "${plan}"`,
      );
    }
    for (const limit of Object.keys(Object(definitions[plan]))) {
      if (!reserved.has(limit) && !limitNames.has(limit)) limitNames.set(limit, plan);
    }
  }
  const plans = names.map((plan) => readPlan(plan, definitions, limitNames)).sort(byPrice);
  const ranked = plans.map((plan, rank) => Object.freeze({ ...plan, rank }));
  return Object.freeze({
    names: ranked.map(({ name }) => name as keyof Definitions & string),
    byName: new Map(ranked.map((plan) => [plan.name, plan])),
    units: new Set(ranked.flatMap(({ limits }) => limits.map(({ of }) => of))),
  });
}

function readPlan(
  plan: string,
  definitions: Readonly<Record<string, PlanDefinition>>,
  limitNames: ReadonlyMap<string, string>,
): Plan {
  const owner = `definePlans: plan "${plan}"`;
  const definition = definitions[plan];
  if (typeof definition !== 'object' || definition === null) {
    throw new TypeError(`${owner} must be an object, got ${describeValue(definition)}`);
  }
  const limits: NamedLimit[] = [];
  const resources = new Map<string, number | null>();
  for (const [name, first] of limitNames) {
    const given = definition[name];
    if (given === undefined) {
      throw new TypeError(
        `${owner} says nothing of "${name}", which plan "${first}" limits; null is no limit`,
      );
    }
    const [, resource] = resourceName.exec(name) ?? [];
    if (resource !== undefined) resources.set(resource, resourceLimit(owner, name, given));
    else limits.push(namedLimit(owner, name, given, definitions));
  }
  refuseSameCounters(owner, limits);
  const { monthlyPriceUsd } = definition;
  return {
    name: plan,
    rank: 0,
    monthlyPriceNanoUsd:
      monthlyPriceUsd === undefined ? undefined : nanoUsd(`${owner}: monthlyPriceUsd`, monthlyPriceUsd),
    limits: Object.freeze(limits),
    resources,
    unitPricesNanoUsdPerMillion: unitPrices(owner, definition),
  };
}

/** `null` is no limit of the kind that the other plans declare. */
function namedLimit(
  owner: string,
  name: string,
  given: unknown,
  definitions: Readonly<Record<string, PlanDefinition>>,
): NamedLimit {
  const declared = Object.values(definitions)
    .map((definition) => Object(definition)[name] as unknown)
    .find((other) => typeof other === 'object' && other !== null);
  const limit = nameLimit(
    owner,
    name,
    given === null && declared !== undefined && !shorthandOf(name)
      ? { ...(declared as object), limit: null }
      : given,
  );
  if (declared === undefined) return limit;
  const other = nameLimit(owner, name, declared);
  if (other.kind !== limit.kind || counterOf(other) !== counterOf(limit) || other.of !== limit.of) {
    throw new TypeError(`${owner}: limit "${name}" must count the same in every plan`);
  }
  return limit;
}

function resourceLimit(owner: string, name: string, given: unknown): number | null {
  if (given === null || (Number.isSafeInteger(given) && (given as number) >= 0))
    return given as number | null;
  throw new TypeError(
    `${owner}: "${name}" must be a whole number of at least 0, or null, got ${describeValue(given)}`,
  );
}

function unitPrices(owner: string, definition: PlanDefinition): ReadonlyMap<string, bigint> {
  const prices = new Map<string, bigint>();
  for (const [option, unit] of Object.entries(unitOfPrice)) {
    const price = definition[option] as UsdAmount | undefined;
    if (price !== undefined) prices.set(unit, nanoUsdPerMillion(`${owner}: ${option}`, price));
  }
  return prices;
}

/** @throws TypeError where one counter would be charged twice */
export function refuseSameCounters(owner: string, limits: readonly NamedLimit[]): void {
  const seen = new Map<string, string>();
  for (const limit of limits) {
    const counter = counterOf(limit);
    const other = seen.get(counter);
    if (other !== undefined) {
      throw new TypeError(`${owner}: limits "${other}" and "${limit.name}" count the same; keep one of them`);
    }
    seen.set(counter, limit.name);
  }
}

/** Name of the counter in the store: what is counted and when, so that it outlives a change of plan. */
export function counterOf(limit: NamedLimit): string {
  return limit.kind === 'quota' ? `${limit.of}/${limit.per}` : limit.name;
}

/** Those without a price come last, as they were written. */
function byPrice(one: Plan, other: Plan): number {
  const [a, b] = [one.monthlyPriceNanoUsd, other.monthlyPriceNanoUsd];
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return Number(a - b);
}
