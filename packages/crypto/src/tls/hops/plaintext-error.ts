/** A server that will not turn to TLS, or does it in a way that nobody should go along with. */
export class PlaintextError extends Error {}
