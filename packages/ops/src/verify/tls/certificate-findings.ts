import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Finding } from '@unite/core';
import { failed, passed, warned } from '../finding';

/** RSA keys below it are too short since 2014: NIST SP 800-57 part 1, table 2. */
const minRsaBits = 2_048;

const dayMs = 24 * 60 * 60 * 1_000;

/** Names that are told of a certificate that is for others. */
const maxNames = 5;

/** What is to be looked at. */
export interface SeenCertificate {
  readonly certificate: X509Certificate;
  /** Why OpenSSL does not trust it: a code such as `CERT_HAS_EXPIRED`. */
  readonly distrust: string | undefined;
  readonly expiresWithinDays: number;
  readonly servername: string;
}

/** What is wrong with a certificate, each thing by itself; or that nothing is. */
export function certificateFindings(seen: SeenCertificate): Finding[] {
  const { certificate } = seen;
  const expiresInDays = Math.trunc((Date.parse(certificate.validTo) - Date.now()) / dayMs);
  const findings = [
    ...dateFindings(seen, expiresInDays),
    ...nameFindings(seen),
    ...trustFindings(seen),
    ...keyFindings(seen),
  ];
  if (findings.length > 0) return findings;
  return [
    passed('certificate', `is trusted, for ${seen.servername}, until ${day(certificate.validTo)}`, {
      expiresInDays,
    }),
  ];
}

function dateFindings({ certificate, expiresWithinDays }: SeenCertificate, expiresInDays: number): Finding[] {
  const { validFrom, validTo } = certificate;
  const renew = 'Renew it, and look why that does not happen by itself.';
  if (Date.parse(validFrom) > Date.now()) {
    return [
      failed(
        'certificate',
        `is not valid before ${day(validFrom)}`,
        'Wait, or look at the clocks of this machine and of the one that issued it.',
      ),
    ];
  }
  if (Date.parse(validTo) < Date.now()) {
    return [failed('certificate', `expired on ${day(validTo)}`, renew, { expiresInDays })];
  }
  if (expiresInDays >= expiresWithinDays) return [];
  return [
    warned('certificate', `expires on ${day(validTo)}, in ${expiresInDays} days`, renew, { expiresInDays }),
  ];
}

function nameFindings({ certificate, servername }: SeenCertificate): Finding[] {
  if (isFor(certificate, servername)) return [];
  const names = (certificate.subjectAltName ?? '').split(', ').filter(Boolean);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return [
    failed(
      'host name',
      `the certificate is not for ${servername}, but for ${names.slice(0, maxNames).join(', ') || 'no name'}${more}`,
      'Issue it for this name as well, or connect by a name that it is for.',
    ),
  ];
}

/** RFC 9525 §6.3: the common name is no host name any more. */
function isFor(certificate: X509Certificate, servername: string): boolean {
  const name =
    isIP(servername) === 0
      ? certificate.checkHost(servername, { subject: 'never' })
      : certificate.checkIP(servername);
  return name !== undefined;
}

function trustFindings({ certificate, distrust }: SeenCertificate): Finding[] {
  const issuer = nameIn(certificate.issuer);
  switch (distrust) {
    case undefined:
      return [];
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      // Of its own dates it is said already.
      return isInDate(certificate) ? [issuerDateFinding(distrust)] : [];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return [
        failed(
          'certificate chain',
          'the certificate is self-signed: nobody vouches for it',
          'Get one from an authority, or give this one as `ca` if it is meant.',
        ),
      ];
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [
        failed(
          'certificate chain',
          `the server does not send the certificate of its issuer "${issuer}", which is not known here`,
          'Let the server send the intermediate certificates too (the full chain), or give a private authority as `ca`.',
        ),
      ];
    default:
      return [
        failed(
          'certificate chain',
          `it ends at an authority that is not known here (${distrust})`,
          'Give the private authority as `ca`, or get a certificate from a public one.',
        ),
      ];
  }
}

function isInDate({ validFrom, validTo }: X509Certificate): boolean {
  return Date.parse(validFrom) <= Date.now() && Date.now() <= Date.parse(validTo);
}

function issuerDateFinding(distrust: string): Finding {
  return failed(
    'certificate chain',
    `an authority above the certificate ${distrust === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}`,
    'Let the server send the current intermediate certificates, and renew a private authority.',
  );
}

function keyFindings({ certificate }: SeenCertificate): Finding[] {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? minRsaBits;
  if (asymmetricKeyType !== 'rsa' || bits >= minRsaBits) return [];
  return [
    failed(
      'certificate key',
      `RSA with ${bits} bits is too short`,
      'Issue the certificate for a new key: ECDSA P-256, or RSA with 2048 bits or more.',
      { bits },
    ),
  ];
}

/** The common name, or else all there is, on one line. */
function nameIn(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}

function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}
