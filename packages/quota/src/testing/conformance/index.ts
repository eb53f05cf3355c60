export { checkQuotaStore } from './check-quota-store';
export { formatQuotaStore } from './format-quota-store';
export { quotaStoreChecks } from './quota-store-checks';
export type * from './types';
