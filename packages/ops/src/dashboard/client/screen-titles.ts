import type { ScreenName } from '../screen-types';

/** Every screen, in the order of the navigation. */
export const screenTitles: Readonly<Record<ScreenName, string>> = {
  now: 'Now',
  requests: 'Requests',
  traces: 'Traces',
  errors: 'Errors',
  slos: 'SLOs',
  cache: 'Cache',
  quota: 'Quota',
  database: 'Database',
  releases: 'Releases',
  drills: 'Drills',
};

export const screenNames = Object.keys(screenTitles).filter(isScreenName);

export function isScreenName(name: string): name is ScreenName {
  return Object.hasOwn(screenTitles, name);
}
