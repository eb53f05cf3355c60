/**
 * What packages publish, as reports that lie beside their sources: `packages/<name>/api/<entry>.api.md`. A change of a
 * public type is a change of a report, so nobody reviews a release without seeing it.
 *
 * node api-reports.mjs [--update] [package …]   needs a build; without `--update` it fails where a report differs
 *
 * @see https://api-extractor.com/pages/overview/demo_api_report/
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const repository = join(import.meta.dirname, '../../..');
const isUpdate = process.argv.includes('--update');
const asked = process.argv.slice(2).filter((arg) => arg !== '--update');

const published = readdirSync(join(repository, 'packages'))
  .map((name) => join(repository, 'packages', name))
  .filter((directory) => !manifestOf(directory).private);
const chosen = published.filter((directory) => asked.length === 0 || asked.includes(basename(directory)));
const fresh = mkdtempSync(join(tmpdir(), 'unite-api-reports-'));
try {
  const stale = chosen.flatMap(staleReportsOf);
  for (const report of stale) console.log(`${isUpdate ? 'updated' : 'differs'}: ${report}`);
  if (stale.length > 0 && !isUpdate) {
    console.log('Is it meant? Then: npm run api:update, a changeset, and the diff is reviewed.');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** @param {string} directory of a package */
function staleReportsOf(directory) {
  const reports = join(directory, 'api');
  mkdirSync(reports, { recursive: true });
  const entries = Object.entries(manifestOf(directory).exports).filter(([, target]) => target.import);
  const configs = entries.map(
    ([
      subpath,
      {
        import: { types },
      },
    ]) =>
      configOf(
        directory,
        join(directory, types),
        `${subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-')}`,
      ),
  );
  const [first] = configs;
  if (!first) return [];
  // One compilation for all entries.
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  const written = configs.map((config) => [config.reportFilePath, isChanged(config, compilerState)]);
  const gone = readdirSync(reports)
    .map((name) => join(reports, name))
    .filter((file) => !written.some(([report]) => report === file));
  if (isUpdate) for (const file of gone) rmSync(file);
  return [...written.filter(([, changed]) => changed).map(([report]) => report), ...gone];
}

/** @param {ExtractorConfig} config @param {CompilerState} compilerState */
function isChanged(config, compilerState) {
  return Extractor.invoke(config, {
    localBuild: isUpdate,
    compilerState,
    messageCallback(message) {
      if (message.logLevel === ExtractorLogLevel.Error) throw new Error(message.formatMessageWithLocation());
      message.handled = true;
    },
  }).apiReportChanged;
}

/** @param {string} directory @param {string} types @param {string} name */
function configOf(directory, types, name) {
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'],
            module: 'esnext',
            moduleResolution: 'bundler',
            types: ['node'],
            typeRoots: [join(repository, 'node_modules/@types')],
            jsx: 'react-jsx',
            strict: true,
            skipLibCheck: true,
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(directory, 'api'),
        reportTempFolder: join(fresh, basename(directory)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: quiet,
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
    },
  });
}

/** @param {string} directory */
function manifestOf(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
