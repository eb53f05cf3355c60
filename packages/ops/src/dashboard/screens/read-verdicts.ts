import type { NowScreen, Verdict } from '../screen-types';
import type { ScreenSources } from './screen-source-types';

type Line = NowScreen['verdicts'][number];

/** How each connected part stands, in a sentence. Nothing is asked: only what is known already. */
export function readVerdicts(sources: ScreenSources): NowScreen['verdicts'] {
  const parts = [health, requests, errors, slos, cache, quota, database];
  return parts.flatMap((part) => part(sources) ?? []);
}

function health({ options }: ScreenSources): Line | undefined {
  if (!options.lifecycle) return undefined;
  const { state, status, checks } = options.lifecycle.healthNow();
  const failing = Object.entries(checks).filter(([, check]) => check.status !== 'up');
  const names = failing.map(([name]) => name).join(', ');
  if (state !== 'ready')
    return line('now', state === 'starting' ? 'warn' : 'down', `The process is ${state}`);
  if (status === 'up') return line('now', 'ok', 'All checks are up');
  return line('now', status === 'degraded' ? 'warn' : 'down', `Not up: ${names || 'unknown'}`);
}

function requests({ collectors }: ScreenSources): Line {
  const sum = (name: 'requests' | 'errors' | 'refused') => collectors.pulse.total(name, 60);
  const [asked, failed, refused] = [sum('requests'), sum('errors'), sum('refused')];
  if (asked === 0) return line('requests', 'none', 'No request in the last minute');
  const share = failed / asked;
  const verdict: Verdict = share > 0.1 ? 'down' : share > 0.01 || refused > 0 ? 'warn' : 'ok';
  const more = refused > 0 ? `, ${refused} refused` : '';
  return line('requests', verdict, `${failed} of ${asked} failed in the last minute${more}`);
}

function errors({ options, clock }: ScreenSources): Line | undefined {
  if (!options.errors) return undefined;
  const sinceMs = clock.wallMs() - 300_000;
  const recent = options.errors.events().filter(({ atMs }) => atMs >= sinceMs).length;
  if (recent === 0) return line('errors', 'ok', 'No error in five minutes');
  return line('errors', 'warn', `${recent} ${recent === 1 ? 'error' : 'errors'} in five minutes`);
}

function slos({ options }: ScreenSources): Line | undefined {
  const reports = options.apm?.slos() ?? [];
  if (reports.length === 0) return undefined;
  const named = (state: string) =>
    reports.filter((report) => report.state === state).map(({ slo }) => slo.name);
  const [paging, warning, unknown] = [named('page'), named('warning'), named('no-data')];
  if (paging.length > 0) return line('slos', 'down', `The budget burns fast: ${paging.join(', ')}`);
  if (warning.length > 0) return line('slos', 'warn', `The budget burns: ${warning.join(', ')}`);
  if (unknown.length === reports.length) return line('slos', 'none', 'No request for an objective yet');
  return line('slos', 'ok', `${reports.length - unknown.length} of ${reports.length} objectives are met`);
}

function cache({ options, collectors }: ScreenSources): Line | undefined {
  const state = options.cache?.stats().remote?.state ?? collectors.cache.state;
  const { reads, byLayer } = collectors.cache;
  if (!options.cache && reads === 0) return undefined;
  if (state === 'down') return line('cache', 'warn', 'The shared layer is away: this process caches alone');
  if (reads === 0) return line('cache', 'none', 'Not read yet');
  const hits = byLayer.memory + byLayer.remote;
  return line('cache', 'ok', `${Math.floor((100 * hits) / reads)} % of ${reads} reads were saved a load`);
}

function quota({ options }: ScreenSources): Line | undefined {
  if (!options.quota) return undefined;
  const { store, ledger, allowed, denied, lost } = options.quota.statistics();
  if (store === 'down' || ledger === 'down')
    return line('quota', 'warn', `The ${store === 'down' ? 'store' : 'ledger'} is away`);
  if (lost > 0) return line('quota', 'warn', `${lost} uses were lost`);
  if (allowed + denied === 0) return line('quota', 'none', 'Nothing was asked for yet');
  return line('quota', 'ok', `${denied} of ${allowed + denied} refused since the start`);
}

function database({ options }: ScreenSources): Line | undefined {
  if (!options.cluster) return undefined;
  const { primary, refusal, nodes } = options.cluster.status();
  const known = nodes.filter(({ state }) => state !== 'unknown');
  if (known.length === 0) return line('database', 'none', 'Not asked yet');
  if (primary === undefined) return line('database', 'down', `No primary: ${refusal ?? 'unknown'}`);
  const away = known.filter(({ state }) => state !== 'up').map(({ name, state }) => `${name} is ${state}`);
  if (away.length > 0) return line('database', 'warn', away.join(', '));
  return line('database', 'ok', `${primary} is the primary, ${known.length} nodes are up`);
}

function line(screen: Line['screen'], verdict: Verdict, sentence: string): Line {
  return { screen, verdict, sentence: sentence.slice(0, 160) };
}
