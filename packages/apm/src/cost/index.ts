export type * from './cost-types';
export { type CostLedger, type CostLedgerParts, createCostLedger } from './create-cost-ledger';
