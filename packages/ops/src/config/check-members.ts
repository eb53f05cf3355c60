import { describeValue, type OptionCheck } from '@unite/shared';

/** What an object of the configuration may hold. */
export interface MemberRules {
  /** One check for each member; `undefined` values count as absent. */
  readonly checks: Readonly<Record<string, OptionCheck>>;
  /** Members that may not be absent. */
  readonly required?: readonly string[] | undefined;
}

/**
 * Checks an object's members, and that there are no others.
 *
 * @param place as an error names it: `unite.config.ts: verify[2]`
 * @throws TypeError `unite.config.ts: verify[2].name must be one word, got ""`
 */
export function checkMembers(place: string, value: unknown, { checks, required = [] }: MemberRules): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${place} must be an object, got ${describeValue(value)}`);
  }
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = isPlain(value)
    ? Object.keys(value).find((name) => !Object.hasOwn(checks, name))
    : undefined;
  if (unknown !== undefined) {
    const known = Object.keys(checks).join(', ');
    throw new TypeError(`${memberPlace(place, unknown)} is unknown; known are ${known}`);
  }
  for (const [name, check] of Object.entries(checks)) {
    const member = given[name];
    const demand = member === undefined && !required.includes(name) ? undefined : check(member);
    if (demand)
      throw new TypeError(`${memberPlace(place, name)} must be ${demand}, got ${describeValue(member)}`);
  }
}

/** `unite.config.ts` and `verify` → `unite.config.ts: verify`; from there on with dots. */
function memberPlace(place: string, name: string): string {
  return place.includes(': ') ? `${place}.${name}` : `${place}: ${name}`;
}

/** An instance of a class may have members of its own, which are its own business. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
