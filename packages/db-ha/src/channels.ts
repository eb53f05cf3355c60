import { openChannel, openTracingChannel } from '@unite/shared';

/** `unite:db-ha:query`: one statement of the application, with all its attempts. */
export const queryChannel = openTracingChannel('unite:db-ha:query');

/** `unite:db-ha:transaction`: one call of `transaction`, with all its attempts. */
export const transactionChannel = openTracingChannel('unite:db-ha:transaction');

/** `unite:db-ha:change`: a node or the primary changed; a plain channel. */
export const changeChannel = openChannel('unite:db-ha:change');
