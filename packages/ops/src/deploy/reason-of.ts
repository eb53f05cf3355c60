import { errorLine } from '../describe-error';
import { OpsError } from '../errors';

/** Why, in words: what this package throws says it all without its code. */
export function reasonOf(error: unknown): string {
  return OpsError.isInstance(error) ? error.message : errorLine(error);
}
