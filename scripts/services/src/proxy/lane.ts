import type { Socket } from 'node:net';
import { cut } from './cut';

/** What may be on its way in one direction, in bytes; then the sender has to wait. */
const maxQueuedBytes = 1_048_576;

/** What happens to what a lane carries. */
export interface LanePolicy {
  readonly drop: boolean;
  readonly delayMs: number;
}

/** Bytes, or how a stream ends. The ends queue with the bytes, so that a delayed one overtakes nothing. */
type Parcel = Buffer | 'end' | 'reset';

/** One direction of a connection: carries what `source` sends to `sink`, late or not at all. */
export class Lane {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #beforeDelivery: (bytes: Buffer) => void;
  readonly #queue: { readonly parcel: Parcel; readonly arrivedAtMs: number }[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #policy: LanePolicy;
  #torn = false;
  #deliveredBytes = 0;
  #droppedBytes = 0;

  constructor(source: Socket, sink: Socket, policy: LanePolicy, beforeDelivery = (_: Buffer): void => {}) {
    this.#source = source;
    this.#sink = sink;
    this.#policy = policy;
    this.#beforeDelivery = beforeDelivery;
    source.on('data', (bytes: Buffer) => this.#receive(bytes));
    source.on('end', () => this.#receive('end'));
    source.on('close', (failed) => failed && this.#receive('reset'));
    sink.on('drain', () => this.#pump());
  }

  /** Whether something is missing from the stream, so that nothing may follow. */
  get torn(): boolean {
    return this.#torn;
  }

  get deliveredBytes(): number {
    return this.#deliveredBytes;
  }

  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  /** Applies to what is on its way, too. */
  follow(policy: LanePolicy): void {
    this.#policy = policy;
    if (policy.drop) for (const { parcel } of this.#queue.splice(0)) this.#drop(parcel);
    this.#pump();
  }

  /** Forgets what is on its way: the connection is over. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #receive(parcel: Parcel): void {
    this.#queuedBytes += sizeOf(parcel);
    if (this.#policy.drop) {
      this.#drop(parcel);
      return;
    }
    this.#queue.push({ parcel, arrivedAtMs: performance.now() });
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    for (let head = this.#queue[0]; head && this.#isDue(head); head = this.#queue[0]) {
      this.#queue.shift();
      this.#deliver(head.parcel);
    }
    if (this.#queuedBytes >= maxQueuedBytes) this.#source.pause();
    else this.#source.resume();
  }

  #isDue({ arrivedAtMs }: { arrivedAtMs: number }): boolean {
    const waitMs = arrivedAtMs + this.#policy.delayMs - performance.now();
    if (waitMs > 0) this.#timer = setTimeout(() => this.#pump(), waitMs);
    return waitMs <= 0 && !this.#sink.writableNeedDrain;
  }

  #deliver(parcel: Parcel): void {
    if (this.#sink.destroyed) {
      this.#drop(parcel);
      return;
    }
    this.#queuedBytes -= sizeOf(parcel);
    if (parcel === 'reset') cut(this.#sink);
    else if (parcel === 'end') this.#sink.end();
    else this.#write(parcel);
  }

  #write(bytes: Buffer): void {
    this.#beforeDelivery(bytes);
    this.#deliveredBytes += bytes.length;
    this.#sink.write(bytes);
  }

  #drop(parcel: Parcel): void {
    this.#queuedBytes -= sizeOf(parcel);
    this.#droppedBytes += sizeOf(parcel);
    this.#torn = true;
  }
}

function sizeOf(parcel: Parcel): number {
  return typeof parcel === 'string' ? 0 : parcel.length;
}
