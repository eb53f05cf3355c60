import type { Slo } from './slo-types';

/** Whether an objective is for a route such as `GET /api/contacts/[id]`. */
export function matchesRoute({ route: pattern }: Slo, route: string): boolean {
  return pattern.endsWith('*') ? route.startsWith(pattern.slice(0, -1)) : route === pattern;
}
