import { describeValue } from '@unite/shared';

/** @throws TypeError for what has no such method; a URL, which may have a password, is not shown */
export function checkPool(owner: string, option: string, value: unknown, method: 'connect' | 'query'): void {
  if (typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function') return;
  const got = typeof value === 'string' ? 'text' : describeValue(value);
  throw new TypeError(`${owner}: ${option} must be a pool of pg, got ${got}`);
}
