export { isControlFlow } from './is-control-flow';
export { type MethodHandlers, methodNotAllowed } from './method-not-allowed';
export { problemNotFound } from './problem-not-found';
export { type ErrorReport, problemOnRequestError } from './problem-on-request-error';
export { withProblems } from './with-problems';
