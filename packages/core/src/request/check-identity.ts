import { describeValue } from '@unite/shared';
import type { Identity } from '../types';

const fields = ['tenantId', 'userId', 'plan'] as const;

/**
 * The three fields of what `identify` returned, and nothing else of it.
 *
 * @throws TypeError for what is no object, and where a field is neither absent nor a non-empty string
 */
export function checkIdentity(owner: string, identity: Identity | null | undefined): Identity {
  if (identity && typeof identity !== 'object') {
    throw new TypeError(
      `${owner}: identify must return an object, or nothing for an anonymous request, got ${describeValue(identity)}`,
    );
  }
  for (const field of fields) {
    const value: unknown = identity?.[field];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new TypeError(
        `${owner}: identify must return "${field}" as a non-empty string, got ${describeValue(value)}`,
      );
    }
  }
  return { tenantId: identity?.tenantId, userId: identity?.userId, plan: identity?.plan };
}
