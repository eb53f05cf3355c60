import { openTracingChannel } from '@unite/shared';

/** `unite:crypto:encrypt`: a tracing channel. */
export const encryptChannel = openTracingChannel('unite:crypto:encrypt');

/** `unite:crypto:decrypt`: a tracing channel; who reads how much of what. */
export const decryptChannel = openTracingChannel('unite:crypto:decrypt');

/** `unite:crypto:key`: a tracing channel; calls of the key provider. */
export const keyChannel = openTracingChannel('unite:crypto:key');
