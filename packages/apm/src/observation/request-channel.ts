import { openChannel } from '@unite/shared';

/** `unite:apm:request`: a plain channel; an observed request has ended. */
export const requestChannel = openChannel('unite:apm:request');
