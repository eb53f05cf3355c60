export type * from './channel-types';
export { createVault } from './create-vault';
export { CryptoError, type CryptoErrorCode, type CryptoErrorOptions } from './errors';
export type * from './types';
