import { certificatePem, certificatesPem, keyPem, pem } from './check-pem';
import { checkSecretOptions } from './check-secret-options';
import { pems } from './client-tls';
import type { ServerTls, ServerTlsOptions } from './types';

/**
 * Options of `https.createServer`: TLS 1.3 (RFC 8446) and nothing older. Its ciphers are all good ones, so there is
 * nothing to choose.
 *
 * @throws TypeError for what is no certificate or no key; its value is not shown
 * @example
 * const { cert, key } = readTlsFiles({ certPath: 'server.crt', keyPath: 'server.key' });
 * createServer(httpsServerOptions({ cert, key }), app).listen(443);
 */
export function httpsServerOptions(options: ServerTlsOptions): ServerTls {
  checkSecretOptions(
    'httpsServerOptions',
    options,
    { cert: certificatePem, key: keyPem, clientCa: certificatesPem },
    ['cert', 'key'],
  );
  const { cert, key, clientCa } = options;
  return {
    minVersion: 'TLSv1.3',
    cert: pem(cert),
    key: pem(key),
    ...(clientCa !== undefined && { ca: pems(clientCa), requestCert: true, rejectUnauthorized: true }),
  };
}
