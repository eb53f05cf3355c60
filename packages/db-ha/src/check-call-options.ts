import { checkOptions, expects, type OptionCheck, optionChecks } from '@unite/shared';
import type { ConsistencyToken, ReadOptions, TransactionOptions } from './types';

const readChecks: Readonly<Record<string, OptionCheck>> = {
  consistency: oneOf('session', 'eventual', 'strong'),
  after: expects('a consistency token', isToken),
};

const transactionChecks: Readonly<Record<string, OptionCheck>> = {
  idempotencyKey: expects(
    'a text of 1 to 512 characters',
    (value) => typeof value === 'string' && value.length >= 1 && value.length <= 512,
  ),
  isolation: oneOf('read committed', 'repeatable read', 'serializable'),
  maxAttempts: expects(
    'a whole number of at least 1',
    (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  ),
  timeoutMs: optionChecks.positive,
};

/** @throws TypeError */
export function checkReadOptions(options: ReadOptions): ReadOptions {
  checkOptions('readOnly', options, readChecks);
  return options;
}

/** @throws TypeError */
export function checkTransactionOptions(work: unknown, options: TransactionOptions): TransactionOptions {
  if (typeof work !== 'function') throw new TypeError('transaction: the first argument must be a function');
  checkOptions('transaction', options, transactionChecks);
  return options;
}

/** Of `ready` and `close`. @throws TypeError */
export function checkTimeOptions<Options extends { readonly timeoutMs?: number | undefined }>(
  owner: string,
  options: Options,
): Options {
  checkOptions(owner, options, {
    timeoutMs: expects('a number of at least 0', (value) => typeof value === 'number' && value >= 0),
  });
  return options;
}

function oneOf(...values: readonly string[]): OptionCheck {
  const words = values.map((value) => `'${value}'`).join(', ');
  return expects(`one of ${words}`, (value) => values.includes(value as string));
}

function isToken(value: unknown): boolean {
  const { systemId, timeline, lsn } = (value ?? {}) as Partial<Record<keyof ConsistencyToken, unknown>>;
  return (
    typeof systemId === 'string' &&
    Number.isSafeInteger(timeline) &&
    (timeline as number) >= 1 &&
    (lsn === undefined || typeof lsn === 'bigint')
  );
}
