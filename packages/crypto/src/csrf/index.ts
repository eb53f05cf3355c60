export { createCsrf } from './create-csrf';
export { csrfError } from './csrf-error';
export type * from './csrf-types';
