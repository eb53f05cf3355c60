import { checkOptions, describeArgument, expects, optionChecks } from '@unite/shared';
import type { CacheOptions, DefinitionOptions } from './types';
import { wholeNumber } from './whole-number';

const { positive, object, function: isFunction, boolean } = optionChecks;
const notNegative = expects(
  'a number of at least 0',
  (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY,
);
/** Names stand in keys and in commands. */
const name = expects(
  'a string of 1 to 64 letters, digits, ".", "_" and "-"',
  (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value),
);
const remoteLayer = expects(
  'a remote layer, such as redisLayer(client)',
  (value) => typeof (value as { open?: unknown } | null)?.open === 'function',
);

/** An object with these methods. */
function has(...methods: readonly string[]) {
  return expects(
    `an object with ${methods.join(' and ')}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
  );
}

/** @throws TypeError for what has begun already, and cannot be waited for */
export function checkWork(owner: string, work: unknown): void {
  if (typeof work !== 'function')
    throw new TypeError(`${owner}: work must be a function, got ${describeArgument(work)}`);
}

/** @throws TypeError for a promise: nobody knows yet what it will come to */
export function checkValue(owner: string, value: unknown): void {
  if (value instanceof Promise)
    throw new TypeError(`${owner}: the value must be awaited first, got a promise`);
}

/** @throws TypeError that names the option and what it got */
export function checkWriteOptions(owner: string, options: unknown, required: readonly string[] = []): void {
  const invalidates = expects(
    'an array of tags or a function that returns one',
    (value) => Array.isArray(value) || typeof value === 'function',
  );
  checkOptions(owner, options, { invalidates }, required);
}

/** @throws TypeError that names the option and what it got */
export function checkCacheOptions(options: CacheOptions): void {
  checkOptions(
    'createCache',
    options,
    {
      namespace: name,
      memory: object,
      remote: remoteLayer,
      maxStalenessMs: expects(
        'a number of at least 500',
        (value) => positive(value) === undefined && (value as number) >= 500,
      ),
      pollEveryMs: positive,
      codec: has('encode', 'decode'),
      database: has('sessionToken', 'advanceSession'),
      context: isFunction,
      clock: object,
      random: isFunction,
    },
    ['namespace'],
  );
  checkOptions('createCache: memory', options.memory ?? {}, {
    maxBytes: wholeNumber,
    maxEntryBytes: wholeNumber,
    maxEntries: wholeNumber,
  });
}

/** @throws TypeError that names the option and what it got */
export function checkDefinition(definition: string, options: DefinitionOptions<never, unknown>): void {
  const wrongName = name(definition);
  if (wrongName)
    throw new TypeError(`define: the name must be ${wrongName}, got ${JSON.stringify(definition)}`);
  checkOptions(
    `define("${definition}")`,
    options,
    {
      key: isFunction,
      scope: expects('"tenant" or "global"', (value) => value === 'tenant' || value === 'global'),
      tags: isFunction,
      memoryTtlMs: positive,
      remoteTtlMs: positive,
      load: isFunction,
      loadTimeoutMs: positive,
      staleOnErrorMs: notNegative,
      refreshAhead: notNegative,
      refreshEveryMs: positive,
      countReads: boolean,
      loadDelayMs: notNegative,
    },
    ['key', 'scope', 'load'],
  );
}
