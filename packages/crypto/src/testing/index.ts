export { keyProviderSuite } from './key-provider-suite';
export { keyStoreSuite } from './key-store-suite';
export { runKeyChecks } from './run-key-checks';
export type * from './testing-types';
