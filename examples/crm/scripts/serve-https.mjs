import http from 'node:http';
import https from 'node:https';
import { httpsServerOptions, readTlsFiles, reloadCertificates } from '@unite/crypto/tls';

/**
 * Makes the next server of this process one of https, with TLS 1.3 alone. Next.js's own production server makes one of
 * `node:http` and takes no certificate; so there is none without TLS. A renewed certificate is taken over as it comes.
 *
 * @param {{ certPath: string, keyPath: string }} paths
 */
export function serveHttps(paths) {
  const options = httpsServerOptions(readTlsFiles(paths));
  const { createServer } = http;
  http.createServer = (/** @type {any[]} */ ...given) => {
    http.createServer = createServer;
    const server = https.createServer({ ...given.at(-2), ...options }, given.at(-1));
    reloadCertificates(server, paths, {
      onReload: ({ expiresAtMs }) =>
        console.info(`serve: a new certificate, until ${new Date(expiresAtMs).toISOString()}`),
    });
    return server;
  };
}
