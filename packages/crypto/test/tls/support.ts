import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion, TLSSocket, type TlsOptions } from 'node:tls';
import { type CertificatesOptions, makeCertificates } from '@unite/services/certificates';

const directories: string[] = [];
const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

/** A new directory, removed by `cleanUp`. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'unite-tls-'));
  directories.push(directory);
  return directory;
}

/** Certificates in a directory of their own, and their contents. */
export async function certificates(options: Partial<CertificatesOptions> = {}) {
  const made = await makeCertificates({ directory: temporaryDirectory(), ...options });
  return { ...made, cert: readFileSync(made.certPath, 'utf8'), key: readFileSync(made.keyPath, 'utf8') };
}

/** Has a server listen on a port of this machine. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  servers.push({ server, sockets });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An https server that answers everything with its protocol. */
export async function https(
  options: TlsOptions,
): Promise<{ server: HttpsServer; port: number; url: string }> {
  const server = createHttps(options, (request, response) => {
    response.end((request.socket as unknown as { getProtocol(): string }).getProtocol());
  });
  const port = await listen(server);
  return { server, port, url: `https://127.0.0.1:${port}` };
}

/** A server that does with a connection whatever it is told. */
export async function tcp(answer: (socket: Socket, heard: Buffer) => void): Promise<number> {
  return listen(
    createTcp((socket) => {
      socket.on('data', (heard: Buffer) => answer(socket, heard));
    }),
  );
}

/** A server that turns to TLS as PostgreSQL does, and then says nothing. */
export function postgresLike(options: TlsOptions): Promise<number> {
  return listen(
    createTcp((socket) => {
      socket.once('data', () => {
        socket.write('S');
        new TLSSocket(socket, { isServer: true, ...options }).on('error', () => {});
      });
    }),
  );
}

/** The protocol that a client of at most this version gets. */
export function handshake(port: number, ca: string, maxVersion: SecureVersion): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, maxVersion }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

export async function cleanUp(): Promise<void> {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}
