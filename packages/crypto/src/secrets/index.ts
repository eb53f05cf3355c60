export type * from '../pg/pg-types';
export { createSecrets } from './create-secrets';
export { secretsSql } from './secrets-sql';
export type * from './secrets-types';
