export type * from './key-types';
