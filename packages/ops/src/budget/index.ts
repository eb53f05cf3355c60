export type * from './budget-types';
export { checkBudget } from './check-budget';
export { crossCheckTransfers } from './cross-check-transfers';
export { formatBudgetReport } from './format-budget-report';
export { type VerifyBudgetOptions, verifyBudget } from './verify-budget';
