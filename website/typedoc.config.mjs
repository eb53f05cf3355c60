import { Application, Converter, ReflectionKind } from 'typedoc';
import { host, publicEntries } from './src/repository.mjs';

const entries = publicEntries();

/** The reference: a page for each entry that users import, made from the comments of the sources. */
export default {
  entryPoints: entries.map(({ file }) => `../${file}`),
  tsconfig: 'tsconfig.json',
  // `npm run typecheck` is for that.
  skipErrorChecking: true,
  plugin: ['typedoc-plugin-markdown', nameBySpecifier, requireComments],
  out: 'api',
  cleanOutputDir: true,
  outputFileStrategy: 'modules',
  entryFileName: 'index',
  readme: 'none',
  name: 'API reference',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', 'References'],
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  parametersFormat: 'table',
  propertiesFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  useCodeBlocks: true,
  // Its anchors are not those of its headings where two names differ by a dot: `SinkStats`, `Sink.stats`.
  useHTMLAnchors: true,
  disableGit: true,
  basePath: '..',
  ...(host === undefined
    ? { disableSources: true }
    : { sourceLinkTemplate: `${host}/blob/main/{path}#L{line}` }),
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: false },
  treatWarningsAsErrors: true,
};

/** `packages/cache/src/redis` → `@unite/cache/redis`. @param {Application} app */
function nameBySpecifier(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const entry = entries.find(({ file }) => file.replace(/(\/index)?\.ts$/, '') === module.name);
      if (!entry) throw new Error(`${module.name} is no entry of a package`);
      module.name = entry.specifier;
    }
  });
}

/** Every name that a package exports says what it is; what its members are, their names and types may say. @param {Application} app */
function requireComments(app) {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    const names = project
      .getReflectionsByKind(ReflectionKind.Module)
      .flatMap(({ children = [] }) => children);
    for (const name of names.filter((each) => !each.isReference() && !isDocumented(each)))
      app.logger.validationWarning(`${name.getFullName()} has no comment`);
  });
}

/** @param {import('typedoc').DeclarationReflection} name */
function isDocumented(name) {
  return name.hasComment() || (name.signatures ?? []).some((signature) => signature.hasComment());
}
