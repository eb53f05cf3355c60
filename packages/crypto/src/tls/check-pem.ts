import { expects, type OptionCheck } from '@unite/shared';
import type { Pem } from './types';

/** Certificates in PEM. A path in place of its content is the usual mistake. */
export const certificatePem: OptionCheck = pemCheck(
  'certificates in PEM (the content of the file, not its path)',
  /-----BEGIN (TRUSTED )?CERTIFICATE-----/,
);

/** A private key in PEM. Its value is never part of a message. */
export const keyPem: OptionCheck = pemCheck(
  'a private key in PEM (the content of the file, not its path)',
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
);

/** Certificates in PEM, or several. */
export const certificatesPem: OptionCheck = (value) => {
  const all = Array.isArray(value) ? value : [value];
  return all.length === 0 ? certificatePem(undefined) : all.map(certificatePem).find(Boolean);
};

/** A value in words that tell nothing of it. */
export function describeSecret(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'no text' : 'text';
  return value === undefined ? 'nothing' : typeof value;
}

/** As `node:tls` takes it. */
export function pem(value: Pem): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}

function pemCheck(demand: string, pattern: RegExp): OptionCheck {
  return expects(demand, (value) => {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return false;
    return pattern.test(typeof value === 'string' ? value : Buffer.from(value).toString('latin1'));
  });
}
