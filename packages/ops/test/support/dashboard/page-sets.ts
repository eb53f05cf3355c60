import type { DashboardHeader, ScreenData, TracePage } from '../../../src/dashboard/screen-types';
import { fullScreens, header, recordedAtMs, tracePage } from './full-pages';

/** Everything that a server tells, by what somebody may meet. */
export interface PageSet {
  readonly header: DashboardHeader;
  readonly screens: ScreenData;
  readonly trace: TracePage;
}

export const full: PageSet = { header, screens: fullScreens, trace: tracePage };

/** A process that has just started, with half of the screens connected to nothing. */
const emptyHeader: DashboardHeader = {
  ...header,
  release: undefined,
  environment: undefined,
  startedAtMs: recordedAtMs - 2_000,
  mayAct: false,
  screens: { ...header.screens, quota: false, drills: false, database: false },
  hints: {
    quota: 'createDashboard({ quota })',
    drills: 'createDashboard({ drills })',
    database: 'createDashboard({ cluster: db })',
  },
};

export const empty: PageSet = {
  header: emptyHeader,
  screens: {
    now: { verdicts: [], pulse: [], releases: [], health: undefined, findings: [] },
    requests: { rows: [], total: 0, kept: 500, routes: [] },
    traces: { rows: [], total: 0 },
    errors: { rows: [], total: 0, requests: 12 },
    slos: { rows: [] },
    cache: {
      ...fullScreens.cache,
      reads: 0,
      memory: undefined,
      definitions: [],
      invalidations: [],
      mayInvalidate: false,
    },
    quota: { ...fullScreens.quota, tenants: [], costs: [] },
    database: { ...fullScreens.database, nodes: [], changes: [] },
    releases: { rows: fullScreens.releases.rows.slice(0, 1) },
    drills: { refusal: 'Target is not local: refused', drills: [] },
  },
  trace: { header: emptyHeader, trace: undefined, reason: 'The store keeps 200 traces of a minute.' },
};

/** What strangers may have named: texts, never what a screen decides by. */
const named = new Set(
  'service release environment tenantId sentence detail remedy subject verifier name route message type reason title holds purpose deployment node limit plan primary'.split(
    ' ',
  ),
);
const markup = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
const statement = `SELECT ${'averyverylongcolumn,'.repeat(500)}`;

export const hostile: PageSet = spoil(full);

function spoil<Value>(value: Value, key?: string): Value;
function spoil(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (key === 'message' || key === 'text' || key === '1') return `${markup}${statement}`;
    return named.has(key) ? `${markup}${'x'.repeat(80)}${value}` : value;
  }
  if (Array.isArray(value)) return value.map((item, index) => spoil(item, String(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoil(item, name)]));
}
