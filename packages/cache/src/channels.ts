import { openChannel, openTracingChannel } from '@unite/shared';

/** `unite:cache:hit`: a plain channel, for hits in memory, which are too many and too short for spans. */
export const hitChannel = openChannel('unite:cache:hit');

/** `unite:cache:get`: a read that memory could not serve. */
export const getChannel = openTracingChannel('unite:cache:get');

/** `unite:cache:load`: one run of a loader, with the refreshes that nobody waits for. */
export const loadChannel = openTracingChannel('unite:cache:load');

/** `unite:cache:invalidate`: tags or entries made invalid. */
export const invalidateChannel = openTracingChannel('unite:cache:invalidate');

/** `unite:cache:state`: a plain channel; the remote layer went away or came back, or the log was lost. */
export const stateChannel = openChannel('unite:cache:state');
