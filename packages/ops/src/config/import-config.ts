import type { Jiti } from 'jiti';

/** The exports of a file, TypeScript or JavaScript, ES module or CommonJS. */
export async function importConfig(file: string): Promise<unknown> {
  // Only who reads a configuration pays for the compiler.
  const { createJiti } = await import('jiti');
  const loader = createLoader(createJiti, file);
  return exportedConfig(await loader.import(file));
}

/**
 * Without the cache in files: the one in the system's folder for temporary files may be written by others, and what
 * is in it would be run.
 */
function createLoader(createJiti: typeof import('jiti').createJiti, file: string): Jiti {
  const options = { fsCache: false, interopDefault: false };
  try {
    return createJiti(file, { ...options, tsconfigPaths: true });
  } catch {
    // A tsconfig.json that extends what only a developer's machine has. Few need its paths.
    return createJiti(file, options);
  }
}

/** @throws TypeError where an ES module exports nothing by default */
function exportedConfig(loaded: unknown): unknown {
  const { default: exported, __esModule: isTranspiled } = loaded as {
    default?: unknown;
    __esModule?: unknown;
  };
  if (exported !== undefined) return isTranspiledModule(exported) ? exported.default : exported;
  if (isTranspiled === true || Object.prototype.toString.call(loaded) === '[object Module]') {
    throw new TypeError('has no default export; write `export default defineConfig({ … })`');
  }
  return loaded;
}

function isTranspiledModule(value: unknown): value is { default: unknown } {
  return (Object(value) as { __esModule?: unknown }).__esModule === true;
}
