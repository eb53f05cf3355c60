/**
 * An npm package, or a file of the project: `turbopack:///[project]/node_modules/.pnpm/a@1/node_modules/a/index.js` is
 * `a`, and `turbopack:///[project]/ui/flash.module.css [app-client] (css module)` is `ui/flash.module.css`.
 */
export function moduleName(source: string): string {
  const path = source
    .replace(/^turbopack:\/\/\//, '')
    .replace(/^\[project\]\//, '')
    .replace(/ [[({].*$/, '');
  if (path.startsWith('[turbopack]/')) return '(bundler)';
  return /^.*(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
}
