export * from './conformance';
export {
  createTestApm,
  type ErrorMatcher,
  type TestApm,
  type TestApmOptions,
} from './create-test-apm';
