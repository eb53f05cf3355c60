import type { StreamFrame } from '../../screen-types';

/** What a viewer is told of the stream. */
export type StreamState =
  | 'connecting'
  | 'live'
  /** Lost; it is tried again after a while. */
  | 'lost'
  /** Tried again often enough: only a person starts it anew. */
  | 'ended'
  /** The server lets the viewer in no more. */
  | 'refused'
  /** Nobody looks. */
  | 'hidden';

/** As much of an `EventSource` as is used. */
export interface FrameSource {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

export interface LiveStreamOptions {
  readonly open: () => FrameSource;
  /** Asks for the page that is looked at, since an `EventSource` does not say why it was lost. */
  readonly probe: () => Promise<'reached' | 'refused' | 'failed'>;
  readonly onFrame: (frame: StreamFrame) => void;
  readonly onState: (state: StreamState) => void;
  /** Calls `work` later, and gives what forgets it. */
  readonly after: (delayMs: number, work: () => void) => () => void;
  readonly random: () => number;
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;
const attempts = 10;
/** One frame comes a second: so long a silence is a lost connection that nobody has noticed. */
const silenceMs = 10_000;

/** One stream for as long as somebody looks: opened, lost, asked about and opened again, with ever longer waits. */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  #source: FrameSource | undefined;
  #forget = () => {};
  #losses = 0;
  #state: StreamState = 'hidden';

  constructor(options: LiveStreamOptions) {
    this.#options = options;
  }

  /** Somebody looks: opens the stream, unless it is there or was refused. */
  show(): void {
    if (this.#source || this.#state === 'refused') return;
    this.#losses = 0;
    this.#open();
  }

  /** Nobody looks any more. */
  hide(): void {
    if (this.#state === 'refused') return;
    this.#stop();
    this.#enter('hidden');
  }

  /** The server has refused the viewer elsewhere. */
  refuse(): void {
    this.#stop();
    this.#enter('refused');
  }

  #open(): void {
    this.#stop();
    this.#enter('connecting');
    const source = this.#options.open();
    this.#source = source;
    const isCurrent = () => this.#source === source;
    source.addEventListener('frame', ({ data }) => {
      if (isCurrent()) this.#receive(data);
    });
    source.addEventListener('error', () => {
      if (isCurrent()) void this.#lose();
    });
    this.#expectFrame();
  }

  #receive(data: unknown): void {
    this.#losses = 0;
    this.#enter('live');
    this.#expectFrame();
    this.#options.onFrame(JSON.parse(String(data)));
  }

  #expectFrame(): void {
    this.#forget();
    this.#forget = this.#options.after(silenceMs, () => void this.#lose());
  }

  async #lose(): Promise<void> {
    this.#stop();
    this.#enter('lost');
    this.#losses++;
    const answer = await this.#options.probe();
    if (this.#state !== 'lost') return;
    if (answer === 'refused') return this.#enter('refused');
    if (this.#losses >= attempts) return this.#enter('ended');
    this.#forget = this.#options.after(this.#waitMs(), () => this.#open());
  }

  /** Between half and all of a wait that doubles, so that viewers do not come back together. */
  #waitMs(): number {
    const waitMs = Math.min(firstWaitMs * 2 ** (this.#losses - 1), longestWaitMs);
    return (waitMs / 2) * (1 + this.#options.random());
  }

  #stop(): void {
    this.#forget();
    this.#forget = () => {};
    this.#source?.close();
    this.#source = undefined;
  }

  #enter(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
