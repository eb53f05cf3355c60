import type { UniteContext } from '../types';

/** A context that knows a better way to a derived one than to be its prototype. The same in every copy of this module. */
export const deriveKey = Symbol.for('unite.derive.1');

export type Derivable = {
  readonly [deriveKey]?: (changes: Partial<UniteContext>) => UniteContext;
};
