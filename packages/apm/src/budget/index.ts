export type * from './budget-types';
export { type Budget, type BudgetParts, createBudget } from './create-budget';
