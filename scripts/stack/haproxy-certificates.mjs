import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies a certificate, its key and its authority to where HAProxy may read them: it runs as another user where this
 * process is root, and wants certificate and key in one file.
 *
 * @param {string} directory HAProxy's own
 * @param {{ caPath: string, certPath: string, keyPath: string }} certificates
 */
export function haproxyCertificates(directory, { caPath, certPath, keyPath }) {
  const { uid, gid } = statSync(directory);
  const write = (/** @type {string} */ name, /** @type {readonly string[]} */ files) => {
    const path = join(directory, name);
    writeFileSync(path, files.map((file) => readFileSync(file, 'utf8')).join('\n'), { mode: 0o600 });
    chownSync(path, uid, gid);
    return path;
  };
  return { pemPath: write('server.pem', [certPath, keyPath]), caPath: write('ca.crt', [caPath]) };
}
