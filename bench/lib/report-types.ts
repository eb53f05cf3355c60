/** What a report holds: charts, and what the docs claim. */

/** `limit` is the bare operation, which nobody can beat. */
export type Role = 'ours' | 'peer' | 'limit';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Bar extends Spread {
  readonly name: string;
  readonly role: Role;
}

export interface BarsChart {
  readonly title: string;
  readonly unit: string;
  readonly isLog?: boolean;
  /** Of a throughput, more; of what is only shown, neither. @default 'less' */
  readonly better?: 'less' | 'more' | 'neither';
  readonly bars: readonly Bar[];
}

export interface Point extends Spread {
  readonly x: number;
}

export interface CurveChart {
  readonly title: string;
  /** What is on either axis, with its unit. */
  readonly x: string;
  readonly y: string;
  readonly isLog?: boolean;
  readonly series: readonly {
    readonly name: string;
    readonly role: Role;
    readonly points: readonly Point[];
  }[];
}

export interface Claim {
  readonly text: string;
  readonly holds: boolean;
  readonly figure?: string;
  /** Depends on how busy the machine is. */
  readonly isOfMachine?: boolean;
  /** A ratio of times, far enough from its bar for any machine, but for a moment of it: the short form measures it twice. */
  readonly isTimed?: boolean;
  /** The cause, where it is known. */
  readonly whyMissed?: string;
  /** Why nothing can be said, such as an A/A row that is too wide. */
  readonly voidBecause?: string;
}
