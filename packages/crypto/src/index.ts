export type * from './channel-types';
export { CryptoError, type CryptoErrorCode, type CryptoErrorOptions } from './errors';
export type * from './types';
