import type { Finding } from '@unite/core';

/** A finding with a stable code, under which it is warned of once. */
export interface SetUpFinding extends Finding {
  readonly code: string;
}
