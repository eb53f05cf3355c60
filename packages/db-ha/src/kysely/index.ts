export { clusterDialect } from './cluster-dialect';
export { readOnly } from './read-only';
export { transactionDialect } from './transaction-dialect';
export type * from './types';
