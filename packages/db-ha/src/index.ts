export type * from './channel-types';
export { createCluster } from './create-cluster';
export type * from './driver-types';
export { CommitUnknownError, DatabaseError, type DatabaseErrorCode } from './errors';
export type * from './status-types';
export type * from './types';
export { idempotencyTableSql } from './write/idempotency';
