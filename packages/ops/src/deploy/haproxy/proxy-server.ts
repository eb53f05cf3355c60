/** One server of a backend, as HAProxy counts it. Counters are since its start, of whatever ran there. */
export interface ProxyServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `UP`, `DOWN`, `DRAIN`, `MAINT`, `NOLB`, `no check`; `UP 1/3` is about to be down. */
  readonly status: string;
  readonly weight: number;
  readonly isBackup: boolean;
  /** The last health check in HAProxy's words: `L7OK`, `L4CON: Connection refused`. */
  readonly check: string;
  /** Under way, event streams among them. */
  readonly sessions: number;
  /** Handed to it, tries that failed among them. */
  readonly sent: number;
  /** Whose status has come. */
  readonly answered: number;
  readonly serverErrors: number;
  readonly clientErrors: number;
  /** Refused connections, tries again, answers that were none. */
  readonly broken: number;
  /** Answers that broke off in the middle. */
  readonly cutOff: number;
  /** Mean time to the headers of an answer, over about the last 512, in whole milliseconds. */
  readonly recentMeanMs: number;
}

/** Takes new users: those of a server that drains are the ones that it has. */
export function takesUsers({ status, weight }: ProxyServer): boolean {
  return /^(UP|no check)/.test(status) && weight > 0;
}

/** Its checks say so, whether or not it takes users. */
export function isHealthy({ status, check }: ProxyServer): boolean {
  return /^(UP|no check)/.test(status) || (/^DRAIN/.test(status) && /^(L[47]OK|$)/.test(check));
}
