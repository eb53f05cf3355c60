import { isSlug, isTypeUri } from './problem-type-uri';
import { isSafeHeader } from './safe-headers';
import { isProblemStatus } from './status-phrase';
import type { ProblemsOptions } from './types';

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string' && value !== '';
const isObject: Rule = (value) => typeof value === 'object' && value !== null;
const isFunction: Rule = (value) => typeof value === 'function';
const isBaseUrl: Rule = (url) => isTypeUri(url) && /^(https?:\/\/\w|\/(?!\/))[^?#]*$/.test(url);
const areHeaders: Rule = (headers) =>
  isObject(headers) && Object.entries(headers as object).every(isSafeHeader);

function optional(rule: Rule): Rule {
  return (value) => value === undefined || rule(value);
}

const optionRules: Readonly<Record<string, Rule>> = {
  baseUrl: isBaseUrl,
  types: isObject,
  context: optional(isFunction),
  members: optional(isFunction),
  map: optional(isFunction),
  html: optional((html) => html === false || isFunction(html)),
  language: optional(isFunction),
};

const typeRules: Readonly<Record<string, Rule>> = {
  status: isProblemStatus,
  title: isText,
  description: optional(isText),
  fix: optional(isText),
  headers: optional(areHeaders),
  extensions: optional(isObject),
  translations: optional(isObject),
  example: optional(isObject),
};

/**
 * Own words instead of the shared option checks, which would be a fifth of the entry's size.
 *
 * @throws TypeError that names the option, or the type and its member, and what it got
 */
export function checkProblemsOptions(options: ProblemsOptions): void {
  check('', options, optionRules);
  for (const [slug, definition] of Object.entries(options.types)) {
    if (!isSlug(slug) && !(isTypeUri(slug) && slug[0] !== '/')) refuse('type', slug);
    check(`types["${slug}"].`, definition, typeRules);
  }
}

function check(path: string, given: object, rules: Readonly<Record<string, Rule>>): void {
  const values: Record<string, unknown> = { ...given };
  for (const name in { ...rules, ...values }) {
    if (!rules[name]?.(values[name])) refuse(path + name, values[name]);
  }
}

function refuse(name: string, value: unknown): never {
  throw new TypeError(`defineProblems: ${name} is unknown or not valid: ${JSON.stringify(value)}`);
}
