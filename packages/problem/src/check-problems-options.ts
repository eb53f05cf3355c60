import { isSlug, isTypeUri } from './problem-type-uri';
import { isSafeHeader } from './safe-headers';
import { isProblemStatus } from './status-phrase';
import type { ProblemsOptions } from './types';

/** What a value must be, in words, and whether it is. */
type Rule = readonly [demand: string, holds: (value: unknown) => boolean];

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const isFunction = (value: unknown) => typeof value === 'function';

const text: Rule = ['a non-empty string', (value) => typeof value === 'string' && value !== ''];
const object: Rule = ['an object', isObject];
const aFunction = optional(['a function', isFunction]);
const baseUrl: Rule = [
  'an http(s) URL or a path, without query',
  (url) => isTypeUri(url) && /^(https?:\/\/\w|\/(?!\/))[^?#]*$/.test(url),
];
const headers: Rule = [
  'an object of headers that a problem may carry',
  (value) => isObject(value) && Object.entries(value as object).every(isSafeHeader),
];

function optional([demand, holds]: Rule): Rule {
  return [demand, (value) => value === undefined || holds(value)];
}

const optionRules: Readonly<Record<string, Rule>> = {
  baseUrl,
  types: object,
  context: aFunction,
  members: aFunction,
  map: aFunction,
  html: optional(['a function or false', (html) => html === false || isFunction(html)]),
  language: aFunction,
};

const typeRules: Readonly<Record<string, Rule>> = {
  status: ['a status from 400 to 599', isProblemStatus],
  title: text,
  description: optional(text),
  fix: optional(text),
  headers: optional(headers),
  extensions: optional(object),
  translations: optional(object),
  example: optional(object),
};

/**
 * Own words instead of the shared option checks, which would be a fifth of the entry's size.
 *
 * @throws TypeError that names the option, or the type and its member, and what it got
 */
export function checkProblemsOptions(options: ProblemsOptions): void {
  check('options', options, optionRules);
  for (const [slug, definition] of Object.entries(options.types)) {
    const name = `types["${slug}"]`;
    if (!isSlug(slug) && !(isTypeUri(slug) && slug[0] !== '/')) {
      refuse(name, 'named in lower case with hyphens, or by an absolute URI', slug);
    }
    check(name, definition, typeRules);
  }
}

function check(owner: string, given: object, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(given)) refuse(owner, 'an object', given);
  const values: Record<string, unknown> = { ...given };
  for (const name in { ...values, ...rules }) {
    const [demand, holds] = rules[name] ?? [
      `absent (known are ${Object.keys(rules).join(', ')})`,
      () => false,
    ];
    if (!holds(values[name])) refuse(`${owner}.${name}`, demand, values[name]);
  }
}

function refuse(name: string, demand: string, value: unknown): never {
  throw new TypeError(`defineProblems: ${name} must be ${demand}, got ${JSON.stringify(value)}`);
}
