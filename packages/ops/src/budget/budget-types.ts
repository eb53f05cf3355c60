/** How the bytes of a file are counted: as they are, or as they travel. gzip is level 6, brotli quality 11. */
export type Encoding = 'raw' | 'gzip' | 'brotli';

/** A number of bytes for each encoding. */
export type EncodedBytes = Readonly<Record<Encoding, number>>;

/** Options of `checkBudget`. Paths that are given are from the folder in which the process runs. */
export interface BudgetOptions {
  /** Folder of the application. @default the folder in which the process runs */
  readonly app?: string | undefined;
  /** The build. @default `.next` in `app` */
  readonly dist?: string | undefined;
  /** Where the source maps of `static` were moved to. @default where the chunks say themselves */
  readonly maps?: string | undefined;
  /** @default `budgets.json` in `app` */
  readonly budgets?: string | undefined;
  /** Compared with, where the budgets allow for growth. @default `budget-baseline.json` in `app` */
  readonly baseline?: string | undefined;
  /** What `next analyze export` has written, for chains of imports. @default `analyze.jsonl` in `dist`, where it is */
  readonly graph?: string | undefined;
  /** What a browser has transferred: a file with `MeasuredTransfers` in JSON. @default nothing is cross-checked */
  readonly measured?: string | undefined;
  /** How far that may be from the report. @default 5 */
  readonly tolerancePercent?: number | undefined;
  /** Writes the baseline first, so that nothing has grown. @default false */
  readonly updateBaseline?: boolean | undefined;
}

/** What a browser really transferred of the JavaScript of routes. */
export interface MeasuredTransfers {
  /** How it was sent. */
  readonly encoding: Encoding;
  /** Bytes by route, as the build calls it: `/contacts/[id]`. */
  readonly routes: Readonly<Record<string, number>>;
}

/** What a build weighs beside its budgets. */
export interface BudgetReport {
  /** Every route is within its budget, nothing has grown too much, and no budget is blind. */
  readonly kept: boolean;
  readonly buildId: string;
  /** In the order of the build's report: heaviest first. */
  readonly routes: readonly RouteReport[];
  /** What is wrong and belongs to no route of the build, one sentence each. */
  readonly problems: readonly string[];
  /** What could not be looked at, one sentence each. */
  readonly notes: readonly string[];
}

/** First-load JavaScript of one route. */
export interface RouteReport {
  readonly route: string;
  readonly kept: boolean;
  readonly bytes: EncodedBytes;
  /** Its budget. */
  readonly limits: Partial<EncodedBytes>;
  /** Beside the baseline; absent where the route is not in it. */
  readonly grown?: EncodedBytes | undefined;
  /** None where it is kept. */
  readonly breaches: readonly Breach[];
  /** Where it is not kept: those that grew, most first, else all, heaviest first. At most 20. */
  readonly modules: readonly ModuleReport[];
}

/** One bound that a route has broken. */
export interface Breach {
  /** Over its budget, grown beyond what is allowed, or not what a browser transferred. */
  readonly kind: 'over' | 'grown' | 'measured';
  readonly encoding: Encoding;
  /** The size, the growth, or what the browser transferred. */
  readonly bytes: number;
  /** The budget, the allowed growth, or what the report says. */
  readonly allowedBytes: number;
}

/** An npm package or a file of the application, by what it takes of a route's chunks. */
export interface ModuleReport {
  /** `web-vitals`, `lib/report.ts`. */
  readonly name: string;
  /** Before any compression, which has no parts that could be told apart. */
  readonly rawBytes: number;
  /** Beside the baseline. */
  readonly grownBytes?: number | undefined;
  /** From the route to this module; absent without a graph. */
  readonly importedBy?: readonly string[] | undefined;
}
