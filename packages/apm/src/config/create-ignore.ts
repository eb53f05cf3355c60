import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import type { ErrorEvent } from '../capture/capture-types';
import type { IgnoreRule } from './config-types';

const maxRules = 100;
/** A pattern is not tried on more: it may be slow, and whoever causes an error may write its message. */
const maxMessageLength = 1_000;

/**
 * Which errors are not sent.
 *
 * @param owner what the rules belong to, for the message of an error
 * @throws TypeError that names the rule and the field; for a rule that says nothing, which would ignore everything
 * @example
 * const ignores = createIgnore([{ type: 'AbortError' }, { code: 'ECONNRESET', route: 'GET /api/events' }]);
 */
export function createIgnore(
  rules: readonly IgnoreRule[] = [],
  owner = 'startApm',
): (event: ErrorEvent) => boolean {
  if (!Array.isArray(rules) || rules.length > maxRules) {
    const got = Array.isArray(rules) ? `${rules.length}` : describeValue(rules);
    throw new TypeError(`${owner}: option "ignore" must be a list of ${maxRules} rules at most, got ${got}`);
  }
  const tests = rules.map((rule, at) => testOf(rule, `${owner}: ignore[${at}]`));
  return (event) => event.level !== 'fatal' && tests.some((matches) => matches(event));
}

type Test = (event: ErrorEvent) => boolean;

function testOf(rule: IgnoreRule, owner: string): Test {
  checkOptions(owner, rule, {
    type: optionChecks.string,
    code: optionChecks.string,
    message: expects(
      'a non-empty string or a RegExp',
      (value) => value instanceof RegExp || (typeof value === 'string' && value !== ''),
    ),
    route: optionChecks.string,
    kind: optionChecks.string,
    share: expects('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
  });
  const { type, code, message, route, kind, share = 1 } = rule;
  const tests: Test[] = [];
  if (kind !== undefined) tests.push((event) => event.kind === kind);
  if (type !== undefined) tests.push(({ exceptions }) => exceptions[0].type === type);
  if (code !== undefined) tests.push(({ exceptions }) => exceptions[0].code === code);
  if (route !== undefined) tests.push(routeTest(route));
  if (message !== undefined) tests.push(messageTest(message));
  if (tests.length === 0) throw new TypeError(`${owner}: must say a kind, type, code, route or message`);
  return (event) => tests.every((matches) => matches(event)) && placeOf(event) < share;
}

function routeTest(route: string): Test {
  if (!route.endsWith('*')) return (event) => event.route === route;
  const start = route.slice(0, -1);
  return (event) => event.route?.startsWith(start) ?? false;
}

function messageTest(message: string | RegExp): Test {
  if (typeof message === 'string') return ({ exceptions }) => exceptions[0].message.startsWith(message);
  // With g or y, a pattern remembers where it stopped.
  const pattern = new RegExp(message.source, message.flags.replaceAll(/[gy]/g, ''));
  return ({ exceptions }) => pattern.test(exceptions[0].message.slice(0, maxMessageLength));
}

/** Where an event falls between 0 and 1, by its id, which is random. */
function placeOf({ id }: ErrorEvent): number {
  return Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
}
