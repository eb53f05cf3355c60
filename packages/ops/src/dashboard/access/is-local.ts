import type { IncomingMessage } from 'node:http';

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
const loopbackAddress = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/;

/**
 * Whether a request is from this machine: by its socket, and by the name that was asked for, so that no page of somebody
 * else's can ask under a name of its own (DNS rebinding). What a proxy has handed on is not.
 */
export function isLocal({ headers }: Request, native: unknown): boolean {
  const address = (native as Partial<IncomingMessage> | undefined)?.socket?.remoteAddress;
  if (address === undefined || !loopbackAddress.test(address)) return false;
  if (headers.has('x-forwarded-for') || headers.has('forwarded')) return false;
  return loopbackName.test(headers.get('host') ?? '');
}
