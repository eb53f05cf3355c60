export type * from './key-types';
export { memoryKeyStore } from './memory-key-store';
export { type MemoryKeyringOptions, memoryKeyring } from './memory-keyring';
