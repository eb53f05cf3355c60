import { connect } from 'node:net';
import { ServicesError } from '../errors';

const timeoutMs = 5_000;

/**
 * Sends one line to an HAProxy's runtime socket, on a connection of its own.
 *
 * @throws ServicesError `HAPROXY_FAILED`, `INVALID_OPTION`
 */
export function askHaproxy(socketPath: string, line: string): Promise<string> {
  if (/[\r\n]/.test(line)) {
    const got = JSON.stringify(line);
    return Promise.reject(new ServicesError('INVALID_OPTION', `command: must be one line, got ${got}`));
  }
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new ServicesError('HAPROXY_FAILED', `no answer from the runtime socket: ${reason}`));
    };
    let answer = '';
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => fail(`nothing within ${timeoutMs} ms`));
    socket.once('error', (error) => fail(error.message));
    socket.on('data', (text: string) => {
      answer += text;
    });
    // It closes the connection after the one answer.
    socket.once('end', () => resolve(answer.trimEnd()));
    socket.write(`${line}\n`);
  });
}
