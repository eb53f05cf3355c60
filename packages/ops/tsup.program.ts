import { packageBuild } from '../../tsup.base';

/** The `unite` command line: a program and no library, so nobody requires it and it has no types. */
export default packageBuild(
  { cli: 'src/cli/main.ts' },
  { platform: 'node', format: ['esm'], dts: false, clean: false },
);
