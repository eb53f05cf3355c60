/** A renaming, as a release after the first one would do it: the old name stays for a while, and says so. */
export const secondRelease = {
  folder: 'core',
  name: '@unite/core',
  oldName: 'deriveContext',
  newName: 'childContext',
  file: 'packages/core/src/context/index.ts',
  /** @param {string} text of `file` */
  rename: (text) =>
    text.replace(
      "export { deriveContext } from './derive-context';\n",
      `import { deriveContext as childContext } from './derive-context';

export { childContext };
/** @deprecated Since 0.2.0, and gone in 0.3.0: {@link childContext} is the same. */
export const deriveContext = childContext;
`,
    ),
  changesetFile: '.changeset/a-child-of-a-context.md',
  changeset: `---
'@unite/core': minor
---

Deprecates \`deriveContext\`, which goes in 0.3.0. **Migration**: import \`childContext\` from \`@unite/core/context\` and call
it with the same arguments; \`npx tsc\` and editors mark what is left.
`,
  advice: 'deriveContext has become childContext: https://www.npmjs.com/package/@unite/core',
};
