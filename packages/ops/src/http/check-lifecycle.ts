import { describeValue } from '@unite/shared';
import type { Lifecycle } from '../types';

/** @throws TypeError for what is no lifecycle: without this, the first request would find out */
export function checkLifecycle(owner: string, lifecycle: Lifecycle): void {
  if (typeof lifecycle?.admit !== 'function')
    throw new TypeError(
      `${owner}: lifecycle must be what createLifecycle returned, got ${describeValue(lifecycle)}`,
    );
}
