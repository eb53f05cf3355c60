import { describeValue } from '@unite/shared';
import type { CacheKey } from './types';

/**
 * A key as text: equal for keys of equal content, different for all others.
 *
 * @throws TypeError that names the part which is none, such as `undefined` or an object
 */
export function hashKey(key: CacheKey): string {
  if (!(typeof key === 'string' || Array.isArray(key)) || key.length === 0) {
    throw new TypeError(`cache: key must be a non-empty string or list, or null, got ${describeValue(key)}`);
  }
  for (const [index, part] of typeof key === 'string' ? [] : key.entries()) {
    if (!isPart(part)) {
      throw new TypeError(
        `cache: key[${index}] must be a string, finite number, boolean or null, got ${describeValue(part)}`,
      );
    }
  }
  return JSON.stringify(key);
}

function isPart(part: unknown): boolean {
  return part === null || typeof part === 'string' || typeof part === 'boolean' || Number.isFinite(part);
}
