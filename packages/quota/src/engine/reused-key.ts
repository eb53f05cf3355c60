import { QuotaError } from '../errors';

/** What is thrown where an idempotency key comes with something else. */
export function reusedKey(): QuotaError {
  return new QuotaError('UNITE_QUOTA_KEY_REUSED', 'This idempotency key was used before for something else');
}
