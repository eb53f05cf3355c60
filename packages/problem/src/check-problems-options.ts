import { isSlug, isTypeUri } from './problem-type-uri';
import { isSafeHeader } from './safe-headers';
import { isProblemStatus } from './status-phrase';
import type { ProblemsOptions } from './types';

/** What a value must be: a `typeof`, or what a function accepts. */
type Rules = Readonly<Record<string, string | ((value: never) => unknown)>>;

const optionRules: Rules = {
  baseUrl: (url: string) => /^(https?:\/\/\w|\/(?!\/))[^?#]*$/.test(url) && isTypeUri(url),
  types: 'object',
  context: 'function',
  members: 'function',
  map: 'function',
  html: (html: unknown) => html === false || typeof html === 'function',
  languages: (tags: string[]) => tags[0] && tags.every(isLanguage),
  translate: 'function',
};

const typeRules: Rules = {
  status: isProblemStatus,
  title: 'string',
  description: 'string',
  fix: 'string',
  headers: (headers: object) => Object.entries(headers).every(isSafeHeader),
  extensions: 'object',
  translations: (texts: object) => Object.keys(texts).every(isLanguage),
  example: 'object',
};

/**
 * Own words instead of the shared option checks, which would be a fifth of the entry's size.
 *
 * @throws TypeError that names the option, or the type and its member, and what it got
 */
export function checkProblemsOptions(options: ProblemsOptions): void {
  check('', { baseUrl: null, types: null, ...(options as object) }, optionRules);
  for (const [slug, definition] of Object.entries(options.types)) {
    if (!isSlug(slug) && !(isTypeUri(slug) && slug[0] !== '/')) refuse('type', slug);
    check(`types["${slug}"].`, { status: null, title: null, ...(definition as object) }, typeRules);
  }
}

function check(path: string, values: object, rules: Rules): void {
  for (const [name, value] of Object.entries(values)) {
    const rule = rules[name];
    if (value !== undefined && !(value !== null && holds(rule, value))) refuse(path + name, value);
  }
}

function holds(rule: Rules[string] | undefined, value: unknown): unknown {
  try {
    return typeof rule === 'function' ? rule(value as never) : typeof value === rule && value !== '';
  } catch {
    return false;
  }
}

function refuse(name: string, value: unknown): never {
  throw new TypeError(`defineProblems: ${name} is unknown or not valid: ${JSON.stringify(value)}`);
}

function isLanguage(tag: string): boolean {
  return /^[a-z]{2,8}(-\w{1,8})*$/i.test(tag);
}
