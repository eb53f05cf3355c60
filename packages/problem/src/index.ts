export { defineProblems } from './define-problems';
export { ProblemError } from './errors';
export type * from './types';
