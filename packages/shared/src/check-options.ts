/** Says what one option must be, or returns `undefined` when the value is fine. */
export type OptionCheck = (value: unknown) => string | undefined;

/**
 * Checks an options object at construction: every key must be known and every value must pass, so
 * that a typing mistake is an error that names the option instead of a default that nobody chose.
 *
 * @param owner what the options belong to, such as `withContext`
 * @param options what the caller gave
 * @param checks one check for each option; `undefined` values count as absent
 * @param required options that may not be absent
 * @throws TypeError `withContext: option "timeoutMs" must be a positive number, got -1`
 */
export function checkOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  required: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${owner}: options must be an object, got ${describeValue(options)}`);
  }
  const given = options as Readonly<Record<string, unknown>>;
  // What was given comes first: a required option that is misspelt is told by the name it was given.
  for (const name of new Set([...Object.keys(given), ...required])) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) {
      throw new TypeError(`${owner}: unknown option "${name}"; known are ${Object.keys(checks).join(', ')}`);
    }
    const value = given[name];
    const demand = value === undefined && !required.includes(name) ? undefined : check(value);
    if (demand)
      throw new TypeError(`${owner}: option "${name}" must be ${demand}, got ${describeValue(value)}`);
  }
}

/** The checks that options of every package are made of. */
export const optionChecks = {
  function: expects('a function', (value) => typeof value === 'function'),
  boolean: expects('true or false', (value) => typeof value === 'boolean'),
  string: expects('a non-empty string', (value) => typeof value === 'string' && value !== ''),
  object: expects(
    'an object',
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
  positive: expects(
    'a positive number',
    (value) => typeof value === 'number' && value > 0 && value < Infinity,
  ),
} satisfies Record<string, OptionCheck>;

/** A check with its wording. Bundlers leave out those that nobody uses. */
/* @__NO_SIDE_EFFECTS__ */
export function expects(demand: string, holds: (value: unknown) => boolean): OptionCheck {
  return (value) => (holds(value) ? undefined : demand);
}

/** A check of a list, which names the first entry that does not hold. */
/* @__NO_SIDE_EFFECTS__ */
export function expectsEach(demand: string, holds: (item: unknown) => boolean): OptionCheck {
  return (value) => {
    if (!Array.isArray(value)) return demand;
    const index = value.findIndex((item) => !holds(item));
    return index < 0 ? undefined : `${demand}, but [${index}] is ${describeValue(value[index])}`;
  };
}

/** A value as an error message shows it: short, and never the content of an object. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** An argument as an error message shows it: the `await` of a promise is what people forget. */
export function describeArgument(value: unknown): string {
  return value instanceof Promise ? 'a promise' : describeValue(value);
}
