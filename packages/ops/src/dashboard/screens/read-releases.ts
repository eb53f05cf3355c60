import type { ReleasesScreen } from '../screen-types';
import type { ScreenSources } from './screen-source-types';

type Row = ReleasesScreen['rows'][number];

/** Is the new release worse? This process serves one; of the others it knows when they came, and their errors. */
export function readReleases(sources: ScreenSources): ReleasesScreen {
  const { options, service, collectors } = sources;
  const told = options.errors?.deployments() ?? [];
  const rows = new Map<string, Row>();
  if (service.release !== undefined) rows.set(service.release, current(sources, service.release));
  for (const { id, atMs, release = service.release } of told) {
    if (release === undefined) continue;
    const known = rows.get(release);
    const begun = { deployment: id, atMs: atMs ?? collectors.startedAtMs };
    if (known?.deployment === undefined)
      rows.set(release, { ...(known ?? past(sources, release)), ...begun });
  }
  return { rows: [...rows.values()].sort((one, other) => other.atMs - one.atMs) };
}

function current(sources: ScreenSources, release: string): Row {
  const { service, collectors } = sources;
  return {
    release,
    deployment: service.deployment?.id,
    atMs: service.deployment?.atMs ?? collectors.startedAtMs,
    requests: collectors.requests.ring.total,
    errors: collectors.requests.errors,
    p95Ms: collectors.requests.times.quantileMs(0.95),
    isCurrent: true,
  };
}

function past({ options, collectors }: ScreenSources, release: string): Row {
  const errors = options.errors?.events().filter(({ service }) => service.release === release).length ?? 0;
  return {
    release,
    deployment: undefined,
    atMs: collectors.startedAtMs,
    requests: 0,
    errors,
    p95Ms: null,
    isCurrent: false,
  };
}
