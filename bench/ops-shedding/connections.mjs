import { connect } from 'node:net';

const end = '\r\n\r\n';

/**
 * Connections that are kept, one request on each at a time. The client is as small as it can be, for it must be on
 * time while the server is not: it knows HTTP/1.1 with `Content-Length`, and nothing else.
 */
export class Connections {
  #port;
  #most;
  #open = new Set();
  #free = [];
  #waiting = [];

  constructor(port, most) {
    this.#port = port;
    this.#most = most;
  }

  /** @param {(status: number) => void} onAnswer 0 for a connection that ended without one */
  send(path, onAnswer) {
    const connection = this.#free.pop() ?? (this.#open.size < this.#most ? this.#connect() : undefined);
    if (!connection) return this.#waiting.push({ path, onAnswer });
    this.#request(connection, path, onAnswer);
  }

  /** Resolves when the server has answered on each, for one that is open may not be accepted yet. */
  async openAll(count) {
    const connections = Array.from({ length: count }, () => this.#connect());
    await Promise.all(
      connections.map((one) => new Promise((resolve) => this.#request(one, 'health', resolve))),
    );
  }

  /** What has no answer yet gets 0. */
  close() {
    const given = [...this.#waiting, ...this.#open].map(({ onAnswer }) => onAnswer);
    this.#waiting = [];
    for (const connection of this.#open) {
      connection.onAnswer = undefined;
      connection.socket.destroy();
    }
    for (const onAnswer of given) onAnswer?.(0);
  }

  #request(connection, path, onAnswer) {
    connection.onAnswer = onAnswer;
    connection.socket.write(`GET /${path} HTTP/1.1\r\nhost: bench\r\n\r\n`);
  }

  #connect() {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const connection = { socket, onAnswer: undefined, text: '' };
    this.#open.add(connection);
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      connection.text += text;
      if (isWhole(connection.text)) this.#answered(connection, Number(connection.text.slice(9, 12)));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open.delete(connection);
      connection.onAnswer?.(0);
    });
    return connection;
  }

  #answered(connection, status) {
    const { onAnswer } = connection;
    connection.onAnswer = undefined;
    connection.text = '';
    const next = this.#waiting.shift();
    if (next) this.#request(connection, next.path, next.onAnswer);
    else this.#free.push(connection);
    onAnswer(status);
  }
}

function isWhole(text) {
  const head = text.indexOf(end);
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head));
  if (length) return text.length >= head + end.length + Number(length[1]);
  return text.endsWith('0\r\n\r\n');
}
