import { Socket } from 'node:net';
import { cut } from './cut';
import { Lane, type LanePolicy } from './lane';
import type { Fault, ProxiedConnectionStatus, ProxyTarget } from './proxy-types';

const passing: LanePolicy = { drop: false, delayMs: 0 };
const dropping: LanePolicy = { drop: true, delayMs: 0 };

/** A client's connection and the one to the server that stands for it. */
export class ProxiedConnection {
  /** Resolves when both sides are closed. */
  readonly closed: Promise<unknown>;
  readonly #client: Socket;
  readonly #server = new Socket({ allowHalfOpen: true });
  readonly #requests: Lane;
  readonly #replies: Lane;
  /** A cut network lets no connection through either; such a one never gets to the server. */
  readonly #reachesServer: boolean;
  readonly #warn: (error: unknown) => void;
  #whenRequest: ((bytes: Buffer) => boolean) | undefined;

  constructor(client: Socket, target: ProxyTarget, fault: Fault, warn: (error: unknown) => void) {
    this.#client = client;
    this.#warn = warn;
    // What failed is told by `close`, which follows.
    for (const socket of [client, this.#server]) socket.on('error', () => {});
    this.closed = Promise.all([closed(client), closed(this.#server)]);
    this.#requests = new Lane(client, this.#server, passing, (bytes) => this.#inspect(bytes));
    this.#replies = new Lane(this.#server, client, passing);
    this.#reachesServer = fault.mode !== 'blackhole';
    if (this.#reachesServer) this.#server.connect({ ...target, noDelay: true });
    else client.once('close', () => this.#server.destroy());
    this.apply(fault);
  }

  get status(): ProxiedConnectionStatus {
    return {
      requestBytes: this.#requests.deliveredBytes,
      replyBytes: this.#replies.deliveredBytes,
      droppedRequestBytes: this.#requests.droppedBytes,
      droppedReplyBytes: this.#replies.droppedBytes,
    };
  }

  apply(fault: Fault): void {
    const [requests, replies] = policiesOf(fault);
    if (fault.mode === 'reset' || this.#wouldResumeCorrupt(requests, replies)) {
      this.cut();
      return;
    }
    this.#whenRequest = fault.mode === 'dropReply' ? fault.whenRequest : undefined;
    this.#requests.follow(requests);
    this.#replies.follow(replies);
  }

  /** Resets both sides. */
  cut(): void {
    this.#requests.stop();
    this.#replies.stop();
    cut(this.#client);
    cut(this.#server);
  }

  #wouldResumeCorrupt(requests: LanePolicy, replies: LanePolicy): boolean {
    const requestsTorn = this.#requests.torn || !this.#reachesServer;
    return (requestsTorn && !requests.drop) || (this.#replies.torn && !replies.drop);
  }

  #inspect(bytes: Buffer): void {
    try {
      if (!this.#whenRequest?.(bytes)) return;
      this.#whenRequest = undefined;
      this.#replies.follow(dropping);
    } catch (error) {
      this.#warn(error);
      this.cut();
    }
  }
}

/** For requests and for replies. */
function policiesOf(fault: Fault): readonly [LanePolicy, LanePolicy] {
  if (fault.mode === 'blackhole') return [dropping, dropping];
  if (fault.mode === 'dropReply') return [passing, fault.whenRequest ? passing : dropping];
  if (fault.mode === 'delay') {
    const late = { drop: false, delayMs: fault.delayMs };
    return [late, late];
  }
  return [passing, passing];
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
