export { prometheus } from './prometheus';
export type * from './prometheus-types';
