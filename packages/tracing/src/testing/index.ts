export { createTestTracing, type TestTracing, type TestTracingOptions } from './create-test-tracing';
export { expectTree } from './expect-tree';
export { formatTree } from './format-tree';
