import { OpsError } from '../../errors';
import type { ProxyServer } from './proxy-server';

/**
 * Reads `show stat <backend> 4 -1`: CSV with names in the first line, whose order differs between versions.
 *
 * @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` where it is something else
 */
export function readStat(text: string): readonly ProxyServer[] {
  const [head = '', ...lines] = text.trim().split('\n');
  if (!head.startsWith('# pxname,')) {
    throw new OpsError('UNITE_OPS_PROXY_UNUSABLE', `HAProxy answered no statistics: ${head.slice(0, 100)}`);
  }
  const names = head.slice(2).split(',');
  return lines.map((line) => {
    // No field that stands before those which are read can have a comma of its own.
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const number = (name: string): number => Number(cell(name)) || 0;
    return serverOf(cell, number);
  });
}

function serverOf(cell: (name: string) => string, number: (name: string) => number): ProxyServer {
  const [, host = '', port = '0'] = /^\[?(.*?)\]?:(\d+)$/.exec(cell('addr')) ?? [];
  const answered = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((kind) => number(`hrsp_${kind}`));
  return {
    name: cell('svname'),
    host,
    port: Number(port),
    status: cell('status'),
    // What was set; `weight` is what is left of it while a server warms up.
    weight: number('uweight'),
    isBackup: number('bck') > 0,
    // With a star while another check runs.
    check: [cell('check_status').replace(/^\* /, ''), cell('last_chk')].filter(Boolean).join(': '),
    sessions: number('scur'),
    sent: number('stot'),
    answered: answered.reduce((sum, count) => sum + count, 0),
    serverErrors: number('hrsp_5xx'),
    clientErrors: number('hrsp_4xx'),
    broken: number('econ') + number('eresp') + number('wretr'),
    cutOff: number('srv_abrt'),
    recentMeanMs: number('rtime'),
  };
}
