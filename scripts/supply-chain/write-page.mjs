import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root
 * @param {readonly import('./install-alone.mjs').Installed[]} installed
 */
export function writePage(root, installed) {
  const rows = installed.map(
    ({ name, dependencies, megabytes, vulnerabilities }) =>
      `| \`${name}\` | ${dependencies.length} | ${megabytes.toFixed(1)} | ${licencesOf(dependencies)} | ${vulnerabilities} |`,
  );
  const all = new Map(
    installed.flatMap(({ dependencies }) => dependencies).map((dependency) => [dependency.name, dependency]),
  );
  const scripted = [...all.values()].filter(({ hasInstallScript }) => hasInstallScript);
  const page = `# Supply chain

What comes with each package: written by \`npm run supply-chain\`, which installs each tarball alone into an empty project,
with npm and without peers. Last on ${new Date().toISOString().slice(0, 10)}, by Node ${process.version}.

| Package | Packages of others | MB on disk, with \`@unite/core\` | Licences | Vulnerabilities that the registry knows |
| --- | ---: | ---: | --- | --- |
${rows.join('\n')}

- None of our packages runs a script when it is installed. ${scriptsOf(scripted)}
- Each direct dependency has its reason in [decision 0039](./decisions/0039-a-dependency-has-a-reason.md); a test finds one
  without.
- A licence other than MIT, ISC, Apache-2.0, BSD, 0BSD or Blue Oak ends the command with an error, as does a known
  vulnerability. Where a registry does not tell of vulnerabilities (mirrors often do not), the table says so: ask with
  \`npm audit\` against one that does.
- A bill of materials of each package (CycloneDX 1.5, by \`npm sbom\`) is left in \`.unite/sbom\`; a release keeps them
  beside its tarballs. Releases carry npm's provenance: \`npm audit signatures\` checks it.
`;
  writeFileSync(join(root, 'docs/supply-chain.md'), page);
}

/** @param {readonly import('./install-alone.mjs').Dependency[]} dependencies */
function licencesOf(dependencies) {
  const counts = new Map();
  for (const { licence } of dependencies) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([licence, count]) => `${licence} ${count}`);
  return sorted.join(', ') || 'none but ours, MIT';
}

/** @param {readonly import('./install-alone.mjs').Dependency[]} scripted */
function scriptsOf(scripted) {
  if (scripted.length === 0) return 'Nor does any that comes with them.';
  const names = scripted.map(({ name, isOptional }) => `\`${name}\`${isOptional ? ' (optional)' : ''}`);
  return `Of those that come with them these have one, and all work without (\`--ignore-scripts\`): ${names.join(', ')}.`;
}
