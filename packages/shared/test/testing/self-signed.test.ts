import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { expect, it } from '@jest/globals';
import { selfSigned } from '../../src/testing/self-signed';

it('is a pair for this machine that is valid for long', () => {
  expect(() => createSecureContext(selfSigned)).not.toThrow();
  const certificate = new X509Certificate(selfSigned.cert);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.parse('2100-01-01'));
});
