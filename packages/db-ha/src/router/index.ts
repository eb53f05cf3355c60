export { createRouter } from './create-router';
export type * from './types';
