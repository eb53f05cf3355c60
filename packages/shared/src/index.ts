export { afterBody } from './after-body';
export { openChannel, openTracingChannel } from './channel';
export { checkOptions, describeValue, expects, type OptionCheck, optionChecks } from './check-options';
export { controlFlowStatus } from './control-flow-status';
export { endsWithin } from './ends-within';
export { globalSlot } from './global-slot';
export { observe } from './observe';
export { backgroundClock, maxTimerMs, systemClock } from './system-clock';
export { warnOnce } from './warn-once';
