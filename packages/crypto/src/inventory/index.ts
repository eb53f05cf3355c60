export { cryptoInventory } from './crypto-inventory';
export type * from './cyclonedx-types';
export type * from './types';
