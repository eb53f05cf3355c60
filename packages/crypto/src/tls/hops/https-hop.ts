import type { Socket } from 'node:net';
import { clientTlsOf } from '../client-tls';
import type { HttpsHopOptions, TlsHopCheck } from '../posture-types';
import { serviceUrl } from '../service-url';
import { happens } from './connection';
import { checkHopOptions } from './hop-options';
import { plaintextSight, probe } from './probe';

/**
 * The way from a browser, or another service, to an https server.
 *
 * @throws TypeError for options that are none
 * @example
 * httpsHop({ url: 'https://crm.example', from: 'browser' });
 */
export function httpsHop(options: HttpsHopOptions): TlsHopCheck {
  checkHopOptions('httpsHop', options);
  const { url, host, port } = serviceUrl('httpsHop', options.url, { 'https:': 443, 'http:': 80 });
  const { servername = host, from = 'client', name = `${url.protocol.slice(0, -1)} ${url.host}` } = options;
  const tls = clientTlsOf('httpsHop', options);
  return {
    name,
    from,
    to: `${url.hostname}:${port}`,
    look: async (run) =>
      url.protocol === 'http:'
        ? [plaintextSight(url.protocol)]
        : [
            await probe(
              { host, port, servername, tls, tryPlaintext: (socket) => ask(socket, url.host) },
              run,
            ),
          ],
  };
}

/** A server that answers 400 to plain text, or sends on to https, has not listened to it. */
async function ask(socket: Socket, host: string): Promise<boolean> {
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  try {
    const answer = String(await happens(socket, 'data'));
    const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(answer) ?? [];
    return status !== undefined && status !== '400' && !/^location: https:/im.test(answer);
  } catch {
    return false;
  }
}
