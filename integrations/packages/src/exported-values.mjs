/**
 * Loads entries as ES modules and as CommonJS, and prints the names of what each exports:
 * `node exported-values.mjs @unite/core/context @unite/core/once …` →
 * `{ "@unite/core/context": { "import": […], "require": […] }, … }`
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const names = {};
for (const specifier of process.argv.slice(2)) {
  names[specifier] = {
    import: Object.keys(await import(specifier))
      .filter(isExport)
      .sort(),
    require: Object.keys(require(specifier)).filter(isExport).sort(),
  };
}
console.log(JSON.stringify(names));

/** Newer versions of Node add these to what they load across module systems. */
function isExport(name) {
  return name !== 'module.exports' && name !== 'default' && name !== '__esModule';
}
