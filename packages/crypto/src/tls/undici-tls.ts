import { checkSecretOptions } from './check-secret-options';
import { clientTlsChecks, clientTlsOf } from './client-tls';
import type { ClientTls, ClientTlsOptions } from './types';

/** For `new Agent(undiciTls({ ca }))`. */
export interface UndiciTls {
  readonly connect: ClientTls;
}

/**
 * Options of undici's `Agent`, `Pool` and `Client`: requests go over TLS 1.3, to servers that prove their names. A URL
 * `http://…` is plain text all the same, as an agent does not see to that.
 *
 * @throws TypeError for what is no certificate or no key; its value is not shown
 * @example
 * const dispatcher = new Agent(undiciTls({ ca: readFileSync('ca.pem') }));
 * await fetch('https://billing.internal/invoices', { dispatcher });
 */
export function undiciTls(options: ClientTlsOptions = {}): UndiciTls {
  checkSecretOptions('undiciTls', options, clientTlsChecks);
  return { connect: clientTlsOf('undiciTls', options) };
}
