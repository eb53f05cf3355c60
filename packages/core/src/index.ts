export type * from './operation-types';
export type * from './route-types';
export type * from './types';
