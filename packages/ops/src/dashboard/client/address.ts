import type { ScreenName } from '../screen-types';
import { isScreenName } from './screen-titles';

/** Where in the dashboard somebody is. */
export type Address =
  | { readonly screen: ScreenName }
  | { readonly screen: 'trace'; readonly traceId: string };

/** The address behind a path, or nothing where the path is not one of the dashboard. */
export function addressOf(path: string, base: string): Address | undefined {
  if (path === base || path === `${base}/`) return { screen: 'now' };
  if (!path.startsWith(`${base}/`)) return undefined;
  const [screen = '', traceId, ...more] = path.slice(base.length + 1).split('/');
  if (more.length > 0) return undefined;
  if (traceId === undefined) return isScreenName(screen) ? { screen } : undefined;
  return screen === 'traces' && traceId !== '' ? { screen: 'trace', traceId } : undefined;
}

/** The path of a page, below the dashboard's own: `/ops/requests`. */
export function pathOf(address: Address, base: string): string {
  return address.screen === 'now' ? base || '/' : `${base}/${lastPartOf(address)}`;
}

/** The path of what a page shows, as JSON. */
export function dataPathOf(address: Address, base: string): string {
  return `${base}/api/${lastPartOf(address)}`;
}

function lastPartOf(address: Address): string {
  return 'traceId' in address ? `traces/${address.traceId}` : address.screen;
}
