/** Header that carries the request id, in and out. */
export const requestIdHeader = 'x-request-id';

/** What log lines, URLs and headers hold without quoting; 128 is enough for every id in use. */
const wellFormed = /^[A-Za-z0-9._~:+/=@-]{1,128}$/;

/** The caller's id when it is well formed and accepted, else a new UUID. */
export function requestIdFrom(header: string | null | undefined, accept: boolean): string {
  return accept && header && wellFormed.test(header) ? header : crypto.randomUUID();
}
