import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunkModules } from '../../src/budget/chunk-modules';
import { moduleName } from '../../src/budget/module-name';

const sources = ['turbopack:///[project]/ui/a.tsx', 'turbopack:///[project]/node_modules/b/index.js', null];
const names = ['ui/a.tsx', 'b', '(bundler)'];

/** Characters of one to four bytes. */
const line = fc.string({ unit: fc.constantFrom('a', ';', 'ü', '–', '😀'), maxLength: 30 });
const segment = fc.tuple(fc.nat(40), fc.option(fc.nat(sources.length - 1), { nil: undefined }));
const chunk = fc.array(fc.tuple(line, fc.array(segment, { maxLength: 6 })), { minLength: 1, maxLength: 6 });

test('the bytes of modules add up to the chunk, and each byte is of the mapping before it', () => {
  fc.assert(
    fc.property(chunk, fc.boolean(), (lines, inSections) => {
      const code = lines.map(([text]) => text).join('\n');
      const sorted = lines.map(([, segments]) => [...segments].sort(([one], [other]) => one - other));
      const mappings = sorted.map((segments) =>
        segments.map(([column, source]) => (source === undefined ? [column] : [column, source, 0, 0])),
      );
      const map = { version: 3, sources, names: [], mappings };
      const whole = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] };
      const found = chunkModules(code, JSON.stringify(inSections ? whole : map), 'a.js');

      const sum = [...found.values()].reduce((all, bytes) => all + bytes, 0);
      expect(sum).toBe(Buffer.byteLength(code));
      expect(Object.fromEntries(found)).toEqual(
        bytesByOwner(
          lines.map(([text]) => text),
          sorted,
        ),
      );
    }),
  );
});

/** Character by character, which is plain and slow. A character that a mapping cuts in two is of both halves. */
function bytesByOwner(
  lines: readonly string[],
  segments: readonly (readonly (readonly [number, number | undefined])[])[],
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [index, text] of lines.entries()) {
    const units = index === lines.length - 1 ? text : `${text}\n`;
    for (let column = 0; column < units.length; column += 1) {
      const [, source] = (segments[index] ?? []).filter(([at]) => at <= column).at(-1) ?? [];
      const owner = source === undefined ? '(bundler)' : (names[source] ?? '');
      const isHalf = /[\ud800-\udfff]/.test(units[column] ?? '');
      sums[owner] = (sums[owner] ?? 0) + (isHalf ? 2 : Buffer.byteLength(units[column] ?? ''));
    }
  }
  return sums;
}

test.each([
  ['turbopack:///[project]/app/items/[id]/page.jsx', 'app/items/[id]/page.jsx'],
  ['turbopack:///[project]/ui/flash.module.css [app-client] (css module)', 'ui/flash.module.css'],
  ['turbopack:///[project]/node_modules/.pnpm/a@1/node_modules/@b/c/dist/index.js', '@b/c'],
  ['[project]/node_modules/a/node_modules/b/index.js', 'b'],
  ['turbopack:///[turbopack]/browser/runtime/base/runtime-base.ts', '(bundler)'],
])('%s is %s', (source, name) => {
  expect(moduleName(source)).toBe(name);
});
