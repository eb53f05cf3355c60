import { describeValue } from '@unite/shared';
import { QuotaError } from '../errors';
import type { LedgerEvent } from '../ledger/ledger-types';
import type { Period } from '../period/period-types';

/** Longest text of an index's column. */
const maxLength = 255;
/** PostgreSQL knows no NUL, and nothing that is no UTF-8, such as half a surrogate pair. */
const unsuitable = /[\0\p{Surrogate}]/u;
const kinds: ReadonlySet<unknown> = new Set(['use', 'hold', 'settle', 'record', 'refused']);

/**
 * Refuses what PostgreSQL would refuse, and with it everything that is written in the same statement.
 *
 * @throws QuotaError `UNITE_QUOTA_KEY_INVALID`, `UNITE_QUOTA_AMOUNT_INVALID`
 */
export function checkEvent(event: LedgerEvent, epoch: number | undefined): void {
  if (!kinds.has(event.kind)) throw invalid('kind', 'must be one of the ledger', event.kind);
  checkCount('occurredAtMs', Math.floor(event.occurredAtMs));
  if (epoch !== undefined) checkCount('epoch', epoch);
  checkKey('tenant', event.tenantId);
  checkKey('id', event.id);
  checkText('fingerprint', event.fingerprint);
  checkText('price version', event.priceVersion ?? '');
  checkShort('route', event.route ?? '');
  for (const [unit, amount] of Object.entries(event.amounts)) checkAmount(unit, amount);
  for (const { unit, model = '', amount, costNanoUsd } of event.costs) {
    checkAmount(unit, amount);
    checkShort('model', model);
    if (costNanoUsd !== null && typeof costNanoUsd !== 'bigint')
      throw invalidAmount('costNanoUsd', 'a bigint or null', costNanoUsd);
  }
}

/** @throws QuotaError `UNITE_QUOTA_KEY_INVALID`, `UNITE_QUOTA_AMOUNT_INVALID` */
export function checkPeriod(tenantId: string, { startAtMs, endAtMs }: Period): void {
  checkKey('tenant', tenantId);
  checkCount('startAtMs', startAtMs);
  checkCount('endAtMs', endAtMs);
}

/** @throws QuotaError `UNITE_QUOTA_KEY_INVALID` */
export function checkKey(name: string, value: unknown): void {
  checkShort(name, value);
  if (value === '') throw invalid(name, 'must not be empty', value);
}

/** Whether it may be part of a key. */
export function isKey(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= maxLength && !unsuitable.test(value);
}

function checkCount(name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw invalidAmount(name, 'a whole number from 0', value);
}

function checkAmount(unit: string, amount: unknown): void {
  checkKey('unit', unit);
  if (!Number.isSafeInteger(amount)) throw invalidAmount(`amount of ${unit}`, 'a whole number', amount);
}

function checkShort(name: string, value: unknown): void {
  checkText(name, value);
  if ((value as string).length > maxLength) throw invalid(name, `has at most ${maxLength} characters`, value);
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || unsuitable.test(value))
    throw invalid(name, 'must be text without NUL and lone surrogates', value);
}

function invalid(name: string, demand: string, value: unknown): QuotaError {
  const text = `The ledger's ${name} ${demand}, got ${describeValue(value)}`;
  return new QuotaError('UNITE_QUOTA_KEY_INVALID', text);
}

function invalidAmount(name: string, demand: string, value: unknown): QuotaError {
  const text = `The ledger's ${name} must be ${demand}, got ${describeValue(value)}`;
  return new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
}
