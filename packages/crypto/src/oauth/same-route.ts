/** Whether two paths lead to one route, as routers compare them that are not strict. Queries and fragments do not count. */
export function isSameRoute(one: string, other: string): boolean {
  const [left, right] = [one, other].map(routeOf);
  return left === right;
}

function routeOf(path: string): string {
  const [pathname = ''] = path.split(/[?#]/);
  return unescaped(pathname).toLowerCase().replace(/\/$/, '');
}

function unescaped(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
