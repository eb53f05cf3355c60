export type { SamplingDecision, SpanSink, TailSampler } from '../pipeline-types';
export type * from './sampling-types';
export { createTailSampler, type TailSamplerOptions } from './tail-sampler';
