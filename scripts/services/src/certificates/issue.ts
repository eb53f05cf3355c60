import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Who signs. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** A certificate and its key, to be written. */
export interface Issued {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** What a certificate is to say. */
export interface Subject {
  readonly name: string;
  readonly usage: 'server' | 'client';
  readonly hosts: readonly string[];
  readonly validFromMs: number;
  readonly expiresAtMs: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const authorityLastsMs = 5 * 365 * 86_400_000;

/** A new authority, which may sign certificates of servers and clients and no further authorities. */
export async function newAuthority(): Promise<Issued & { readonly authority: Authority }> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      // Its own name, as a browser that trusts one must not take another of the same name for it.
      name: `CN=Unite local authority ${randomBytes(4).toString('hex')}`,
      serialNumber: serialNumber(),
      notBefore: new Date(Date.now() - 300_000),
      notAfter: new Date(Date.now() + authorityLastsMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto,
  );
  return {
    authority: { certificate, key: keys.privateKey },
    certificatePem: `${certificate.toString('pem')}\n`,
    keyPem: pemOf(keys.privateKey),
  };
}

/** An authority that was kept. */
export async function authorityFrom(certificatePem: string, keyPem: string): Promise<Authority> {
  const pkcs8 = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
  const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  return { certificate: new X509Certificate(certificatePem), key };
}

/** A certificate of the authority, with a new key. */
export async function issueCertificate(authority: Authority, subject: Subject): Promise<Issued> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      subject: `CN=${subject.name}`,
      issuer: authority.certificate.subject,
      serialNumber: serialNumber(),
      notBefore: new Date(subject.validFromMs),
      notAfter: new Date(subject.expiresAtMs),
      publicKey: keys.publicKey,
      signingKey: authority.key,
      signingAlgorithm: algorithm,
      extensions: extensionsOf(subject),
    },
    webcrypto,
  );
  return { certificatePem: `${certificate.toString('pem')}\n`, keyPem: pemOf(keys.privateKey) };
}

function extensionsOf({ usage, hosts }: Subject): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([
      usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
    ]),
    // Clients look at these names alone (RFC 9525 §6.3).
    ...(hosts.length === 0
      ? []
      : [
          new SubjectAlternativeNameExtension(
            hosts.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value })),
          ),
        ]),
  ];
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

function pemOf(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Positive and short enough (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
