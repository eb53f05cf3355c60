/** Makes the content of one file: text as it is, or an object, which is written as JSON. */
export type RulesFile = () => string | object | Promise<string | object>;

/** What `unite rules` writes. Paths are from the folder in which the process runs. */
export interface RulesOptions {
  /** The folder that is written to, and nothing outside of it. @default `generated` */
  readonly out?: string | undefined;
  /**
   * The folder of the runbooks, one page an alert. Each alert must name one in its annotation `runbook_url`, by the last
   * part of the address, and each page must have an alert; `README.md` is no runbook. @default runbooks are not looked at
   */
  readonly runbooks?: string | undefined;
  /** By path in `out`: `{ 'prometheus/crm.rules.yml': () => prometheusRules({ … }) }`. */
  readonly files: Readonly<Record<string, RulesFile>>;
}

/** What became of a file, or what is wrong with it. */
export interface RulesFileReport {
  /** In `out`. */
  readonly path: string;
  /** With `check`, nothing is `written` or `removed`: it is `missing`, `different` or `left-over`. */
  readonly status: 'unchanged' | 'written' | 'removed' | 'missing' | 'different' | 'left-over';
}

/** What `unite rules` answers. */
export interface RulesReport {
  /** The files are what their functions make, and runbooks and alerts belong to each other. */
  readonly passed: boolean;
  /** Absolute path. */
  readonly out: string;
  readonly files: readonly RulesFileReport[];
  /** Names of all alerts, once each. */
  readonly alerts: readonly string[];
  /** Alerts without a runbook, and runbooks without an alert, in sentences. */
  readonly complaints: readonly string[];
}
