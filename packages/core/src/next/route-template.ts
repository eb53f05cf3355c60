import { templateFromPathname } from '../request/template-from-pathname';
import type { RouteArgs } from '../route-types';
import { nextRoute } from './next-route';

/** The route's template: Next's own name for it, else the pathname with parameter values replaced. */
export async function routeTemplate(request: Request, args: RouteArgs | undefined): Promise<string> {
  const route = await nextRoute();
  if (route !== undefined) return templateOf(route);
  return templateFromPathname(pathnameOf(request), (await args?.params) ?? {}, (name, isCatchAll) =>
    isCatchAll ? `[...${name}]` : `[${name}]`,
  );
}

/**
 * The URL template of a Next.js route name: without the file's kind, groups and slots.
 * `/(shop)/@modal/items/[id]/page` → `/items/[id]`.
 */
export function templateOf(route: string): string {
  const segments = route.replace(/\/(page|route)$/, '').split('/');
  return `/${segments.filter((segment) => segment !== '' && !/^(\(.+\)|@.+)$/.test(segment)).join('/')}`;
}

/** Next's own request knows the pathname without the base path. */
function pathnameOf(request: Request & { nextUrl?: { pathname: string } }): string {
  return request.nextUrl?.pathname ?? new URL(request.url).pathname;
}
