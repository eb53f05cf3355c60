import type { MetricKind } from '../metrics/metric-types';

const types: Readonly<Record<MetricKind, string>> = { counter: 'c', gauge: 'g', histogram: 'd' };

/** A line, and what it is made of. */
export interface SeriesLine {
  readonly line: string;
  /** Values that are accounted for with it. */
  readonly items: number;
  /** Of those, the ones that had a place in the queue each. */
  readonly queued: number;
}

/** The values of one series that wait to be sent. */
export class Series {
  readonly #kind: MetricKind;
  readonly #name: string;
  readonly #tail: string;
  #values: number[] = [];
  /** How many values were added up to those that wait. */
  #items = 0;

  /** @param name clean @param tags as they are written */
  constructor(kind: MetricKind, name: string, tags: string) {
    this.#kind = kind;
    this.#name = name;
    this.#tail = `|${types[kind]}${tags === '' ? '' : `|#${tags}`}`;
  }

  /** @param items 0 for a value that is accounted for elsewhere */
  put(value: number, items: number): void {
    this.#items += items;
    if (this.#kind === 'histogram') this.#values.push(value);
    else if (this.#kind === 'gauge') this.#values = [value];
    else this.#values = [(this.#values[0] ?? 0) + value];
  }

  get isWaiting(): boolean {
    return this.#values.length > 0;
  }

  /**
   * Takes what waits, as much as goes into one line. Values of a distribution share their name and tags.
   *
   * @see https://docs.datadoghq.com/developers/dogstatsd/datagram_shell (protocol v1.1: packed values)
   */
  takeLine(maxBytes: number): SeriesLine {
    const roomFor = maxBytes - Buffer.byteLength(this.#tail);
    let head = this.#name;
    let taken = 0;
    for (const value of this.#values) {
      const longer = `${head}:${value}`;
      if (taken > 0 && longer.length > roomFor) break;
      head = longer;
      taken += 1;
    }
    this.#values = this.#values.slice(taken);
    const isHistogram = this.#kind === 'histogram';
    const items = isHistogram ? taken : this.#items;
    this.#items -= items;
    return { line: head + this.#tail, items, queued: isHistogram ? taken : 0 };
  }
}
