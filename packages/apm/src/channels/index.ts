export type { SlowQuery } from './slow-queries';
export { type FamilyListeners, subscribeToFamily } from './subscribe-to-family';
