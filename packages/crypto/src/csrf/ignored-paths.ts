/** Whether a path is one of those, or below one that ends in `/*`. */
export function isIgnored(path: string | undefined, ignored: readonly string[]): boolean {
  // Routers read these in different ways, so that another route may be meant.
  if (path === undefined || /\.\.|\/\/|[\\%]/.test(path)) return false;
  return ignored.some((pattern) =>
    pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  );
}
