/** Of Node.js, of engines, of bundlers' own code, of extensions of a browser. */
const foreign = /^(?:node:|internal\/|native$|<|\[native|webpack\/|(?:chrome|moz|safari-web)-extension:)/;

/** A package, also in the name of a chunk that Turbopack made of it. */
const packaged = /(?:^|[\\/])node_modules[\\/_]|\[turbopack\]/;

/** Whether a file belongs to the application, and not to a package, to Node.js or to the browser. */
export function isInApp(file: string): boolean {
  return file !== '' && !foreign.test(file) && !packaged.test(file);
}
