export type * from '../pg/pg-types';
export { createSweep } from './create-sweep';
export { sweepSql } from './sweep-sql';
export type * from './sweep-types';
