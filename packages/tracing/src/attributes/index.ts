export { createSpanPreparer, type SpanPreparerOptions } from './prepare-span';
