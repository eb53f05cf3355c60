export { type EnvKeyringOptions, envKeyring } from './env-keyring';
export { type FileKeyStoreOptions, fileKeyStore } from './file/file-key-store';
export { type FileKeyringOptions, fileKeyring } from './file/file-keyring';
export type { KeyringWriteOptions } from './file/keyring-writes';
export {
  type AddRootKeyOptions,
  addRootKey,
  type CreateKeyringFileOptions,
  createKeyringFile,
  setRootKeyState,
} from './file/root-keys';
export type * from './key-types';
export { type MemoryKeyStoreOptions, memoryKeyStore } from './memory-key-store';
export { type MemoryKeyringOptions, memoryKeyring } from './memory-keyring';
export { keyStoreSql } from './postgres/key-store-sql';
export { postgresKeyStore } from './postgres/postgres-key-store';
export type * from './postgres/postgres-types';
export type { RingKeyState } from './root-ring';
