export { linkProcessor } from './claimed-parent';
export { createPropagator } from './create-propagator';
export { type ContinueOptions, continueTrace, injectTrace } from './message-trace';
export type * from './propagation-types';
