import { connect, type NetConnectOpts } from 'node:net';
import { OpsError } from '../../errors';

/** It answers at once or is in trouble, in milliseconds. */
const timeoutMs = 5_000;
/** A backend of two servers answers 3 kB. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Sends one line to HAProxy's runtime socket, on a connection of its own.
 *
 * @param address a path, or `host:port`
 * @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` with what to do about it
 */
export function askHaproxy(address: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(placeOf(address));
    const fail = (why: string, cause?: Error): void => {
      socket.destroy();
      const options = cause ? { cause } : {};
      reject(new OpsError('UNITE_OPS_PROXY_UNUSABLE', `HAProxy's socket ${address}: ${why}`, options));
    };
    let answer = '';
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(whyOf(error), error));
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > mostBytes) fail('it answers more than 4 MB; is it a runtime socket?');
    });
    // It closes the connection after the one answer.
    socket.once('end', () => {
      socket.destroy();
      if (/^Permission denied/m.test(answer)) fail('it is not of level admin; say `level admin` in its line');
      else resolve(answer);
    });
    socket.write(`${line}\n`);
  });
}

/** `127.0.0.1:9999` and `[::1]:9999` are TCP, everything else is a path. */
function placeOf(address: string): NetConnectOpts {
  const [, host, port] = /^([^/]+):(\d+)$/.exec(address) ?? [];
  if (host === undefined) return { path: address };
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function whyOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is none; is HAProxy running, with `stats socket <path> level admin`?';
  if (code === 'ECONNREFUSED') return 'nobody listens there; is HAProxy running?';
  return message;
}
