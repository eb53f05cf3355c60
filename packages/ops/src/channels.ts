import { openChannel, openTracingChannel } from '@unite/shared';

/** `unite:ops:state`: a plain channel; the process went on to its next state. */
export const stateChannel = openChannel('unite:ops:state');

/** `unite:ops:check`: one run of a health check. */
export const checkChannel = openTracingChannel('unite:ops:check');

/** `unite:ops:health`: a plain channel; a check's status has changed. */
export const healthChannel = openChannel('unite:ops:health');

/** `unite:ops:shed`: a plain channel; a request was refused. */
export const shedChannel = openChannel('unite:ops:shed');

/** `unite:ops:shutdown`: from the signal to the end. */
export const shutdownChannel = openTracingChannel('unite:ops:shutdown');
