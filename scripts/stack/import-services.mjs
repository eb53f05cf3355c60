const dist = new URL('../services/dist/', import.meta.url);

/** Everything of `@unite/services`, which is there once it has been built. */
export async function importServices() {
  const entries = ['index', 'otlp', 'certificates'].map((name) => import(new URL(`${name}.js`, dist).href));
  return Object.assign({}, ...(await Promise.all(entries)));
}
