import { subscribe } from 'node:diagnostics_channel';
import { once } from '@unite/core/once';
import { apm } from './apm';

/** Counts what could not be written to the log: scripts/guard-log.mjs tells of each. */
export function countLostLogs(): void {
  once('crm.count-lost-logs', () => subscribe('crm:log-lost', () => apm.count('log_lines_lost')));
}
