export { isProblem } from './is-problem';
export {
  type ParsedFieldError,
  type ParsedProblem,
  type ParseProblemOptions,
  parseProblem,
} from './parse-problem';
export { type ProblemDigest, parseProblemDigest } from './parse-problem-digest';
