import type { Account } from './account';

/** Datagrams whose sending may be under way at once. A name that is looked up for long holds them all. */
const maxInFlight = 64;

/** Whatever sends one datagram. */
export interface PacketSender {
  send(packet: string, done: (error?: unknown) => void): void;
}

/** Puts lines together to datagrams, and says of each what became of it. */
export class Packets {
  readonly #sender: PacketSender;
  readonly #account: Account;
  readonly #maxBytes: number;
  #text = '';
  #bytes = 0;
  #items = 0;
  #inFlight = 0;
  #isAbandoned = false;
  #whenIdle: (() => void)[] = [];

  constructor(sender: PacketSender, account: Account, maxBytes: number) {
    this.#sender = sender;
    this.#account = account;
    this.#maxBytes = maxBytes;
  }

  /** Whether nothing more should be handed over for now. */
  get isBusy(): boolean {
    return this.#inFlight >= maxInFlight;
  }

  /** @param items how many values the line is made of */
  add(line: string, items: number): void {
    const bytes = Buffer.byteLength(line);
    if (bytes > this.#maxBytes) {
      this.#account.settle(items, 'too-large');
      return;
    }
    if (this.#bytes > 0 && this.#bytes + 1 + bytes > this.#maxBytes) this.send();
    this.#text += this.#bytes > 0 ? `\n${line}` : line;
    this.#bytes += this.#bytes > 0 ? 1 + bytes : bytes;
    this.#items += items;
  }

  /** Sends the datagram that is not full. */
  send(): void {
    if (this.#bytes === 0) return;
    const packet = this.#text;
    const items = this.#items;
    this.#text = '';
    this.#bytes = 0;
    this.#items = 0;
    this.#inFlight += 1;
    this.#sender.send(
      packet,
      once((error) => this.#sent(items, error)),
    );
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** What is answered from now on was counted as lost already. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  #sent(items: number, error: unknown): void {
    this.#inFlight -= 1;
    if (!this.#isAbandoned) this.#account.settle(items, error ? 'unreachable' : 'sent');
    if (this.#inFlight > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/** A driver that calls back twice would make the account wrong. */
function once(callback: (error?: unknown) => void): (error?: unknown) => void {
  let isCalled = false;
  return (error) => {
    if (isCalled) return;
    isCalled = true;
    callback(error);
  };
}
