export { createConsistency } from './create-consistency';
export { openToken } from './open-token';
export { sealToken } from './seal-token';
export type * from './types';
