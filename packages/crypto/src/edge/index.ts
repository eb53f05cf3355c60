export { createEdgeSealer } from './create-edge-sealer';
export type * from './types';
