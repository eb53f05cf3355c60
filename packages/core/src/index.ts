export type * from './route-types';
export type * from './types';
