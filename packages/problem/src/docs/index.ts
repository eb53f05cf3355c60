export type { DocumentedType } from './documented-types';
export { type DocumentedProblems, problemDocs } from './problem-docs';
export { problemPage } from './problem-page';
export { type ProblemPages, type ProblemPagesOptions, problemPages } from './problem-pages';
