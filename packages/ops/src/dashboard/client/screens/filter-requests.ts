import type { RequestRow } from '../../screen-types';

/** Which requests are wanted; all, where nothing is said. */
export interface RequestFilter {
  readonly route: string;
  /** `2xx` to `5xx`, or `aborted`. */
  readonly status: string;
  readonly slowerThanMs: number | undefined;
}

/** From the query of the address, so that a link can say it. */
export function filterOf(query: string): RequestFilter {
  const given = new URLSearchParams(query);
  const slowerThanMs = Number.parseFloat(given.get('slower') ?? '');
  return {
    route: given.get('route') ?? '',
    status: given.get('status') ?? '',
    slowerThanMs: slowerThanMs > 0 ? slowerThanMs : undefined,
  };
}

export function queryOf({ route, status, slowerThanMs }: RequestFilter): string {
  const query = new URLSearchParams();
  if (route) query.set('route', route);
  if (status) query.set('status', status);
  if (slowerThanMs) query.set('slower', String(slowerThanMs));
  return query.size === 0 ? '' : `?${query}`;
}

export function filterRequests(rows: readonly RequestRow[], filter: RequestFilter): readonly RequestRow[] {
  const { route, status, slowerThanMs } = filter;
  const words = route.toLowerCase();
  return rows.filter(
    (row) =>
      `${row.method} ${row.route}`.toLowerCase().includes(words) &&
      (status === '' || status === statusClassOf(row)) &&
      (slowerThanMs === undefined || row.durationMs > slowerThanMs),
  );
}

function statusClassOf({ status, isAborted }: RequestRow): string {
  return isAborted ? 'aborted' : `${Math.floor(status / 100)}xx`;
}
