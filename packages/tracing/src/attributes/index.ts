export { createRedactor } from './create-redactor';
export { createSpanPreparer, type SpanPreparerOptions } from './prepare-span';
