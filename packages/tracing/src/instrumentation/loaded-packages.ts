import Module from 'node:module';

/** Names of the packages of which a CommonJS file is loaded, whoever loaded it. Pure ES modules are in no list of Node. */
export function loadedPackages(): ReadonlySet<string> {
  const files = Object.keys((Module as { readonly _cache?: object })._cache ?? {});
  return new Set(files.flatMap((file) => packageOf(file) ?? []));
}

function packageOf(file: string): string | undefined {
  const [, name] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file) ?? [];
  return name?.replaceAll('\\', '/');
}
