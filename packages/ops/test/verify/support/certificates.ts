import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** What a certificate says, and who says it. */
export interface CertificateOptions {
  readonly name: string;
  /** Host names and addresses. @default none */
  readonly hosts?: readonly string[];
  readonly issuer?: Certificate;
  readonly isAuthority?: boolean;
  /** Days from now. @default -1 */
  readonly fromDays?: number;
  /** Days from now. @default 90 */
  readonly toDays?: number;
  /** @default 2048 */
  readonly bits?: number;
}

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Issues a certificate; without an issuer, it vouches for itself. */
export function issue(options: CertificateOptions): Certificate {
  const { name, hosts = [], issuer, isAuthority = false, fromDays = -1, toDays = 90, bits = 2_048 } = options;
  const key = isAuthority ? newKey(bits) : usualKey(bits);
  const certificate = forge.pki.createCertificate();
  const privateKey = forge.pki.privateKeyFromPem(key);
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() + fromDays * dayMs);
  certificate.validity.notAfter = new Date(Date.now() + toDays * dayMs);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer?.name ?? name }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    ...(hosts.length > 0 ? [{ name: 'subjectAltName', altNames: hosts.map(altName) }] : []),
  ]);
  certificate.sign(issuer ? forge.pki.privateKeyFromPem(issuer.key) : privateKey, forge.md.sha256.create());
  return { name, key, cert: forge.pki.certificateToPem(certificate) };
}

const usualKeys = new Map<number, string>();

/** Of all that are no authorities, as to make one takes long. */
function usualKey(bits: number): string {
  const key = usualKeys.get(bits) ?? newKey(bits);
  usualKeys.set(bits, key);
  return key;
}

/** Node makes keys many times as fast. */
function newKey(modulusLength: number): string {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}

/** RFC 5280 §4.2.1.6: 2 is a DNS name, 7 an address. */
function altName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return /^[\d.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host };
}
