import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../packages/ops/package.json', import.meta.url));
const forge = require('node-forge');

const dayMs = 24 * 60 * 60 * 1_000;

/** An authority, one below it, and what that issued for `localhost`: one that is valid, and one that was. */
export function makeCertificates() {
  const root = issue({ name: 'Root', isAuthority: true });
  const intermediate = issue({ name: 'Intermediate', isAuthority: true, issuer: root });
  return {
    root,
    intermediate,
    leaf: issue({ name: 'app', issuer: intermediate }),
    expired: issue({ name: 'app', issuer: intermediate, toDays: -1 }),
  };
}

function issue({ name, issuer, isAuthority = false, toDays = 90 }) {
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const own = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  certificate.serialNumber = `0${name.length}`;
  certificate.validity.notBefore = new Date(Date.now() - 90 * dayMs);
  certificate.validity.notAfter = new Date(Date.now() + toDays * dayMs);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer?.name ?? name }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ]);
  certificate.sign(issuer ? forge.pki.privateKeyFromPem(issuer.key) : own, forge.md.sha256.create());
  return { name, key, cert: forge.pki.certificateToPem(certificate) };
}
