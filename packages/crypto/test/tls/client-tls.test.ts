import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientTls } from '../../src/tls';
import { certificates, cleanUp } from './support';

describe('clientTls', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  let other: Awaited<ReturnType<typeof certificates>>;
  const junk = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';

  beforeAll(async () => {
    [own, other] = await Promise.all([certificates(), certificates()]);
  });
  afterAll(cleanUp);

  it('takes a certificate with its key, as text or bytes', () => {
    const { cert, key } = own;
    expect(clientTls({ cert, key })).toEqual({
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      cert,
      key,
    });
    const bytes = { cert: new Uint8Array(Buffer.from(cert)), key: new Uint8Array(Buffer.from(key)) };
    expect(clientTls(bytes)).toMatchObject({ cert: Buffer.from(cert), key: Buffer.from(key) });
  });

  it('refuses a key of another certificate, and what cannot be read, and shows none of it', () => {
    const { cert, key } = own;
    const wrong: [object, string][] = [
      [{ cert, key: other.key }, 'clientTls: option "key" is not the key of "cert"'],
      [{ cert, key: junk }, 'clientTls: option "key" holds no private key that can be read'],
      [
        { cert: junk.replaceAll('PRIVATE KEY', 'CERTIFICATE'), key },
        'clientTls: option "cert" holds no certificate that can be read',
      ],
      [{ cert }, 'clientTls: options "cert" and "key" belong together'],
    ];
    for (const [options, message] of wrong) {
      expect(() => clientTls(options)).toThrow(new TypeError(message));
    }
  });
});
