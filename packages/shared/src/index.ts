export { afterBody } from './after-body';
export { openChannel, openTracingChannel } from './channel';
export {
  checkOptions,
  describeArgument,
  describeValue,
  expects,
  expectsEach,
  type OptionCheck,
  optionChecks,
} from './check-options';
export { controlFlowStatus } from './control-flow-status';
export { endsWithin } from './ends-within';
export { globalSlot } from './global-slot';
export { observe } from './observe';
export { OldestFirst } from './oldest-first';
export { outsideOfRequests } from './outside-of-requests';
export { surviveBreaks } from './survive-breaks';
export { backgroundClock, maxTimerMs, systemClock } from './system-clock';
export { wakeAfter } from './wake-after';
export { warnOnce } from './warn-once';
export { withoutBlanks } from './without-blanks';
