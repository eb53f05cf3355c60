export {
  brokenWhile,
  type CoverageFinding,
  type CoverageOptions,
  type CoverageRoute,
  checkProblemCoverage,
} from './check-problem-coverage';
export { type Failure, type FailureName, failureKinds } from './failure-kinds';
export { problemFlaw } from './problem-flaw';
