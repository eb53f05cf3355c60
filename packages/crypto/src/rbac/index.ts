export { defineRoles } from './define-roles';
export type * from './role-types';
