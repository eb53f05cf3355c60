export { encryptedDialect } from './encrypted-dialect';
