import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';

const directory =
  process.env.UNITE_CONFORMANCE_DIR ?? join(__dirname, '../../../../../../shared/conformance');

/**
 * A group of tests over a public file of vectors, which is not part of the repository.
 *
 * @param file such as `wycheproof/aes_gcm.json`
 * @param tests is called with the file's content
 */
export function describeWith<Data>(title: string, file: string, tests: (data: Data) => void): void {
  const path = join(directory, file);
  if (existsSync(path)) {
    describe(title, () => tests(JSON.parse(readFileSync(path, 'utf8')) as Data));
  } else {
    describe.skip(`${title} (needs conformance data)`, () => {
      test(`${file} in UNITE_CONFORMANCE_DIR, else in ../shared/conformance beside the checkout`, () => {});
    });
  }
}
