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
export { type AwsKmsKeyringOptions, awsKmsKeyring } from './hosted/aws-kms-keyring';
export type * from './hosted/aws-kms-types';
export { type GcpKmsKeyringOptions, gcpKmsKeyring } from './hosted/gcp-kms-keyring';
export type * from './hosted/gcp-kms-types';
export type { FetchLike } from './hosted/vault-http';
export { type VaultTransitKeyringOptions, vaultTransitKeyring } from './hosted/vault-transit-keyring';
export type * from './key-types';
export { keysCommand } from './keys-command';
export type * from './keys-command-types';
export { type MemoryKeyStoreOptions, memoryKeyStore } from './memory-key-store';
export { type MemoryKeyringOptions, memoryKeyring } from './memory-keyring';
export { type Pkcs11Keyring, type Pkcs11KeyringOptions, pkcs11Keyring } from './pkcs11/pkcs11-keyring';
export type * from './pkcs11/pkcs11-types';
export { keyStoreSql } from './postgres/key-store-sql';
export { postgresKeyStore } from './postgres/postgres-key-store';
export type * from './postgres/postgres-types';
export type { RingKeyState } from './root-ring';
