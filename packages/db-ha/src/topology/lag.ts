import type { ClusterNode } from '../node/cluster-node';
import type { ServerReport } from '../node/server-report';

/** Positions of the primary that are remembered; at three looks within the tolerated lag, more than enough. */
const maxSamples = 32;

/**
 * How old a replica's data can be, from positions alone: a replica that is where the primary was at some time
 * shows everything up to that time. The time of the last replayed commit would read seconds on an idle
 * cluster whose replica has everything.
 */
export class Lag {
  readonly #samples: { readonly lsn: bigint; readonly atMs: number }[] = [];
  #timeline: number | undefined;

  /** @param askedAtMs before the question, so that the answer is never older than it is taken for */
  sample(timeline: number, lsn: bigint, askedAtMs: number): void {
    if (timeline !== this.#timeline) {
      this.#samples.length = 0;
      this.#timeline = timeline;
    }
    this.#samples.push({ lsn, atMs: askedAtMs });
    if (this.#samples.length > maxSamples) this.#samples.shift();
  }

  /** Bytes of log between the primary, at the last look, and a replica; `undefined` across timelines. */
  bytesBehind({ timeline, lsn }: ServerReport): number | undefined {
    const primary = this.#samples.at(-1);
    if (!primary || timeline !== this.#timeline) return undefined;
    return Number(primary.lsn > lsn ? primary.lsn - lsn : 0n);
  }

  /** Notes how far a replica has caught up. */
  measure(replica: ClusterNode): void {
    const { report } = replica;
    if (report?.role !== 'replica' || report.timeline !== this.#timeline) return;
    const reached = this.#samples.findLast(({ lsn }) => lsn <= report.lsn);
    if (reached && reached.atMs > (replica.caughtUpAtMs ?? 0)) replica.caughtUpAtMs = reached.atMs;
  }
}
