import { expect, test } from '@jest/globals';
import { publishedPackages } from '../src/published-packages';
import {
  type ExpectedOutput,
  examplesOf,
  expectedOutput,
  printedOutput,
  readmeExamples,
} from '../src/readme-examples';
import { wrapInFunction } from '../src/wrap-in-function';

const fence = (language: string, content: string) => `\`\`\`${language}\n${content}\n\`\`\`\n`;

test.each(publishedPackages)('the readme of $name has an example that runs', ({ name }) => {
  expect(readmeExamples.filter(({ owner }) => owner === name)).not.toEqual([]);
});

test('takes code that is followed by what it prints, and no other code', () => {
  const readme = [
    fence('bash', 'npm install @unite/core'),
    fence('ts', "console.log('runs');"),
    'prints\n',
    fence('text', 'runs'),
    fence('ts', 'export const page = 1;'),
    fence('ts', 'export const other = 2;'),
  ].join('\n');
  expect(examplesOf('@unite/core', readme)).toEqual([
    {
      owner: '@unite/core',
      name: 'unite-core-1',
      code: "console.log('runs');\n",
      expected: { language: 'text', content: 'runs' },
    },
  ]);
});

test('takes an ellipsis for any text, and everything else literally', () => {
  const pattern = expectedOutput({ language: 'text', content: '{ id: … } (once)' });
  expect('{ id: 5f1c } (once)').toMatch(pattern as RegExp);
  expect('{ id: 5f1c } once').not.toMatch(pattern as RegExp);
  expect('{ id: 5f1c } (once)\nmore').not.toMatch(pattern as RegExp);
});

test('compares an object that was printed with the JSON that was promised', () => {
  const expected: ExpectedOutput = { language: 'json', content: '{ "status": 404, "errors": [] }' };
  expect(printedOutput(expected, "404 {\n  status: 404, 'errors': [] }")).toEqual(expectedOutput(expected));
  expect(printedOutput(expected, '{ status: 400 }')).not.toEqual(expectedOutput(expected));
  expect(printedOutput(expected, 'nothing')).not.toEqual(expectedOutput(expected));
});

test('lets an example await in CommonJS', () => {
  const code = "import { one } from 'one';\n// Says one.\nconsole.log(await one());\n";
  expect(wrapInFunction(code)).toBe(
    "import { one } from 'one';\n\nvoid (async () => {\n// Says one.\nconsole.log(await one());\n})();\n",
  );
});
