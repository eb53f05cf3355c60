export { addressKey } from './address-key';
export { createClientKey } from './create-client-key';
export { identifierKey } from './identifier-key';
export type {
  AddressPrefixes,
  ClientHeaders,
  ClientKey,
  ClientKeyOptions,
  ClientKeyStatistics,
  ClientSource,
  TrustedProxies,
} from './key-types';
