export { problemErrors } from './problem-errors';
export { type ReadJsonOptions, readJson } from './read-json';
export type { InferOutput, SchemaIssue, StandardSchema } from './standard-schema';
export { type ValidateOptions, type ValidationProblems, validate } from './validate';
