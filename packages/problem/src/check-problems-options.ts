import { checkOptions, expects, optionChecks } from '@unite/shared';
import { reservedMembers } from './clean-problem';
import { isSlug } from './registry';
import { isSafeHeader } from './safe-headers';
import { isProblemStatus } from './status-phrase';
import type { ProblemsOptions } from './types';

/** @throws TypeError that names the option, or the type and its member, and what it got */
export function checkProblemsOptions(options: ProblemsOptions): void {
  checkOptions('defineProblems', options, {
    baseUrl: expects('an http(s) URL or a path, without query and fragment', isBaseUrl),
    types: optionChecks.object,
    context: optionChecks.function,
    members: optionChecks.function,
    map: optionChecks.function,
    html: expects('a function or false', (value) => value === false || typeof value === 'function'),
    languages: expects('a list of language tags', (value) => isFilled(value) && value.every(isLanguage)),
    translate: optionChecks.function,
  });
  if (options.baseUrl === undefined || options.types === undefined) {
    throw new TypeError('defineProblems: options "baseUrl" and "types" are required');
  }
  for (const [slug, definition] of Object.entries(options.types)) checkType(slug, definition);
}

function checkType(slug: string, definition: unknown): void {
  if (!isSlug(slug) && !isAbsoluteUri(slug)) {
    throw new TypeError(
      `defineProblems: type ${JSON.stringify(slug)} must be lower-case words joined by hyphens, or an absolute URI`,
    );
  }
  const owner = `defineProblems: type "${slug}"`;
  checkOptions(owner, definition, {
    status: expects('an integer from 400 to 599', isProblemStatus),
    title: optionChecks.string,
    description: optionChecks.string,
    fix: optionChecks.string,
    headers: expects('an object of header names and values that may be sent', isHeaders),
    extensions: expects('an object of JSON Schemas, none named like a standard member', isExtensions),
    translations: expects('an object of texts by language tag', isTranslations),
    example: optionChecks.object,
  });
  const { status, title } = definition as { status?: unknown; title?: unknown };
  if (status === undefined || title === undefined) throw new TypeError(`${owner} needs "status" and "title"`);
}

function isBaseUrl(value: unknown): boolean {
  return (
    typeof value === 'string' && /^(?:https?:\/\/[^\s/?#"<>\\]+(?:\/|$)|\/(?!\/))[^\s?#"<>\\]*$/.test(value)
  );
}

function isAbsoluteUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]+$/.test(text);
}

function isLanguage(tag: unknown): boolean {
  return typeof tag === 'string' && /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i.test(tag);
}

function isFilled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isHeaders(value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([name, text]) => isSafeHeader(name, text));
}

function isExtensions(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.entries(value).every(([name, schema]) => !reservedMembers.has(name) && isRecord(schema))
  );
}

function isTranslations(value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([tag, texts]) => isLanguage(tag) && isRecord(texts));
}

function isRecord(value: unknown): value is object {
  return optionChecks.object(value) === undefined;
}
