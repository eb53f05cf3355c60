import type { ContextSource } from '@unite/core';
import { currentContext } from '@unite/core/context';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { RequestFacts, ResponseCacheOptions, ResponseScope } from './response-types';

/** Options with their defaults, in the form in which they are used. */
export interface ResponseSettings {
  readonly cache: ResponseCacheOptions['cache'];
  readonly name: string;
  readonly scope: ResponseScope;
  readonly ttlMs: number;
  readonly tags: (request: RequestFacts) => readonly string[];
  /** In lower case and in order. */
  readonly vary: readonly string[];
  readonly maxBodyBytes: number;
  readonly statuses: ReadonlySet<number>;
  readonly context: ContextSource;
}

/** Statuses that may be kept without being told to (RFC 9110 §15.1), but for parts (206) and what is rarely meant. */
const defaultStatuses: readonly number[] = Object.freeze([200, 203, 204, 300, 301, 404, 410]);
/** Longest time for which a response can be kept, in milliseconds: the log of invalidations reaches back as far. */
export const maxResponseTtlMs = 86_400_000;

const scopes: readonly unknown[] = ['tenant', 'user', 'global'];
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;

const checks = {
  cache: expects(
    'a cache of `createCache`',
    (value) => typeof (value as ResponseCacheOptions['cache'] | null)?.define === 'function',
  ),
  name: optionChecks.string,
  scope: expects("'tenant', 'user' or 'global'", (value) => scopes.includes(value)),
  ttlMs: expects(
    `a positive number of at most ${maxResponseTtlMs}`,
    (value) => optionChecks.positive(value) === undefined && (value as number) <= maxResponseTtlMs,
  ),
  tags: optionChecks.function,
  vary: expects('a list of header names', (value) => isList(value, isHeaderName)),
  maxBodyBytes: optionChecks.positive,
  cacheableStatuses: expects('a list of statuses from 200 to 599 without 206 and 304', (value) =>
    isList(value, isCacheableStatus),
  ),
  context: optionChecks.function,
};

/**
 * Checks options and puts the defaults in.
 *
 * @param owner whose options they are, for the message
 * @throws TypeError for an option that is unknown, missing or malformed
 */
export function responseSettings(owner: string, options: ResponseCacheOptions): ResponseSettings {
  checkOptions(owner, options, checks, ['cache', 'scope', 'ttlMs']);
  const { name, tags, vary = [], maxBodyBytes, cacheableStatuses, context } = options;
  return {
    cache: options.cache,
    name: name ?? 'responses',
    scope: options.scope,
    ttlMs: options.ttlMs,
    tags: tags ?? (() => []),
    vary: [...new Set(vary.map((header) => header.toLowerCase()))].sort(),
    maxBodyBytes: maxBodyBytes ?? 2 ** 20,
    statuses: new Set(cacheableStatuses ?? defaultStatuses),
    context: context ?? currentContext,
  };
}

function isList(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function isHeaderName(value: unknown): boolean {
  return typeof value === 'string' && headerName.test(value);
}

/** RFC 9111 §3.3, §4.3.3: a part and "not modified" mean something only together with another response. */
function isCacheableStatus(value: unknown): boolean {
  const status = value as number;
  return Number.isInteger(value) && status >= 200 && status <= 599 && status !== 206 && status !== 304;
}
