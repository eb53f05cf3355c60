import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CertificatesOptions } from '@unite/services/certificates';
import { Agent, request } from 'undici';
import { clientTls, httpsServerOptions, undiciTls } from '../../src/tls';
import { certificates, cleanUp, handshake, https } from './support';

describe('https over TLS 1.3', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  const agents: Agent[] = [];

  beforeAll(async () => {
    own = await certificates({ hosts: ['127.0.0.1'] });
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.destroy()));
    await cleanUp();
  });

  async function get(url: string, options: Parameters<typeof undiciTls>[0]): Promise<string> {
    const dispatcher = new Agent(undiciTls(options));
    agents.push(dispatcher);
    return (await request(url, { dispatcher })).body.text();
  }

  it('serves by TLS 1.3, and refuses a client of TLS 1.2 by a real handshake', async () => {
    const { port, url } = await https(httpsServerOptions({ cert: own.cert, key: own.key }));
    expect(await get(url, { ca: own.ca })).toBe('TLSv1.3');
    expect(await handshake(port, own.ca, 'TLSv1.3')).toBe('TLSv1.3');
    await expect(handshake(port, own.ca, 'TLSv1.2')).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('demands certificates of clients where it is told an authority', async () => {
    const { url } = await https(httpsServerOptions({ cert: own.cert, key: own.key, clientCa: [own.ca] }));
    const cert = readFileSync(own.clientCertPath);
    const key = readFileSync(own.clientKeyPath);
    expect(await get(url, { ca: Buffer.from(own.ca), cert, key })).toBe('TLSv1.3');
    await expect(get(url, { ca: own.ca })).rejects.toThrow(/certificate required|closed/);
  });

  it.each<[string, Partial<CertificatesOptions> & { maxVersion?: 'TLSv1.2' }, string]>([
    [
      'that speaks TLS 1.2 at best',
      { maxVersion: 'TLSv1.2' as const },
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ],
    ['whose authority is unknown', {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['whose certificate is for another name', { hosts: ['db.test'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['whose certificate has expired', { expiresAtMs: Date.now() - 1_000 }, 'CERT_HAS_EXPIRED'],
  ])(
    'a client refuses a server %s',
    async (what, {
      maxVersion,
      ...change
    }: Partial<CertificatesOptions> & { maxVersion?: 'TLSv1.2' }, code) => {
      const validFromMs = Date.now() - 86_400_000;
      const made = await certificates({ hosts: ['127.0.0.1'], validFromMs, ...change });
      const { url } = await https({ cert: made.cert, key: made.key, ...(maxVersion && { maxVersion }) });
      const ca = what.includes('authority') ? own.ca : made.ca;
      const { code: got } = await get(url, { ca }).catch((error) => error);
      expect([code, 'ERR_SSL_UNSUPPORTED_PROTOCOL']).toContain(got);
      if (!maxVersion) expect(got).toBe(code);
    },
  );

  it('says which option is no certificate, and shows no value', () => {
    const { cert, key } = own;
    expect(() => httpsServerOptions({ cert: '/etc/tls/server.crt', key })).toThrow(
      new TypeError(
        'httpsServerOptions: option "cert" must be certificates in PEM (the content of the file, not its path), got text',
      ),
    );
    expect(() => httpsServerOptions({ cert, key: '' })).toThrow(/"key" must be a private key.* got no text$/);
    expect(() => httpsServerOptions({ cert } as never)).toThrow(/"key" must be .* got nothing$/);
    expect(() => httpsServerOptions({ cert, key: 7 } as never)).toThrow(/got number$/);
    expect(() => httpsServerOptions({ cert, key, ca: '' } as never)).toThrow(/unknown option "ca"/);
    expect(() => clientTls({ ca: [] })).toThrow(/"ca"/);
    expect(() => undiciTls({ cert })).toThrow(/"cert" and "key" belong together/);
    expect(clientTls()).toEqual({ minVersion: 'TLSv1.3', rejectUnauthorized: true });
  });
});
