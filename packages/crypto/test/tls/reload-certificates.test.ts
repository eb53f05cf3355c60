import { writeFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeCertificates } from '@unite/services/certificates';
import { httpsServerOptions, readTlsFiles, reloadCertificates } from '../../src/tls';
import { certificates, cleanUp, handshake, https } from './support';

describe('reloadCertificates', () => {
  let own: Awaited<ReturnType<typeof certificates>>;
  let paths: { certPath: string; keyPath: string };
  let served: Awaited<ReturnType<typeof https>>;

  beforeEach(async () => {
    own = await certificates();
    paths = { certPath: own.certPath, keyPath: own.keyPath };
    served = await https(httpsServerOptions(readTlsFiles(paths)));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await cleanUp();
  });

  /** The number of the certificate that a new connection gets. */
  function serial(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port: served.port, ca: own.ca }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }

  it('gives new connections a renewed certificate, and keeps TLS 1.2 out', async () => {
    const ends: number[] = [];
    await using reloads = reloadCertificates(served.server, paths, {
      onReload: ({ expiresAtMs }) => ends.push(expiresAtMs),
    });
    const before = await serial();
    expect(reloads.reload()).toBe(false);
    const expiresAtMs = Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000;
    await makeCertificates({ directory: own.directory, expiresAtMs });
    expect(reloads.reload()).toBe(true);
    expect(await serial()).not.toBe(before);
    expect(ends).toEqual([expiresAtMs]);
    expect(reloads).toMatchObject({ reloads: 1, expiresAtMs, lastError: undefined });
    await expect(handshake(served.port, own.ca, 'TLSv1.2')).rejects.toThrow(/protocol version/);
  });

  it('looks by itself, and no more once it is closed', async () => {
    const reloaded = jest.fn();
    let heard = () => {};
    const first = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const reloads = reloadCertificates(served.server, paths, {
      everyMs: 5,
      onReload: () => {
        reloaded();
        heard();
      },
    });
    await makeCertificates({ directory: own.directory });
    // What looks keeps no process alive; this test stays for it.
    const alive = setInterval(() => {}, 1_000);
    await first;
    clearInterval(alive);
    await reloads.close();
    await reloads.close();
    expect(reloads.reloads).toBeGreaterThan(0);
    reloaded.mockClear();
    await makeCertificates({ directory: own.directory });
    await new Promise((resolve) => setTimeout(resolve, 25));
    expect(reloaded).not.toHaveBeenCalled();
  });

  it('keeps what it has while the files are half written, and says so', async () => {
    const errors: unknown[] = [];
    await using reloads = reloadCertificates(served.server, paths, {
      onError: (error) => errors.push(error),
    });
    const before = await serial();
    writeFileSync(own.certPath, own.cert.slice(0, 100));
    expect(reloads.reload()).toBe(false);
    expect(errors).toMatchObject([{ code: 'UNITE_CRYPTO_TLS_WEAK' }]);
    expect(reloads.lastError).toBe(errors[0]);
    expect(await serial()).toBe(before);
    writeFileSync(own.certPath, own.cert);
    expect(reloads.reload()).toBe(false);
    expect(reloads.lastError).toBeUndefined();
  });

  it.each([
    ['has expired', { validFromMs: 0, expiresAtMs: Date.now() - 1_000 }],
    ['is not valid yet', { validFromMs: Date.now() + 86_400_000 }],
  ])('keeps what it has where the new one %s, and says so', async (why, times) => {
    const errors: unknown[] = [];
    await using reloads = reloadCertificates(served.server, paths, {
      onError: (error) => errors.push(error),
    });
    const before = await serial();
    const { expiresAtMs } = reloads;
    await makeCertificates({ directory: own.directory, ...times });
    expect(reloads.reload()).toBe(false);
    expect(errors).toMatchObject([{ code: 'UNITE_CRYPTO_TLS_WEAK', message: `${own.certPath} ${why}` }]);
    expect(reloads).toMatchObject({ lastError: errors[0], reloads: 0, expiresAtMs });
    expect(await serial()).toBe(before);
    await makeCertificates({ directory: own.directory });
    expect(reloads.reload()).toBe(true);
    expect(reloads.lastError).toBeUndefined();
  });

  it('warns where nobody listens', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await using reloads = reloadCertificates(served.server, paths);
    writeFileSync(own.keyPath, '');
    reloads.reload();
    reloads.reload();
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining(`${own.keyPath} holds no private key`),
        { type: 'UniteWarning', code: 'UNITE_CRYPTO_TLS_RELOAD' },
      ],
    ]);
  });

  it('refuses what is no server, what is no option, and files that are of no use', () => {
    expect(() => reloadCertificates({} as never, paths)).toThrow(
      /first argument must be a server of node:https/,
    );
    expect(() => reloadCertificates(served.server, paths, { everyMs: 0 })).toThrow(/"everyMs"/);
    expect(() => reloadCertificates(served.server, { ...paths, keyPath: own.certPath })).toThrow(
      /open to others/,
    );
  });
});
