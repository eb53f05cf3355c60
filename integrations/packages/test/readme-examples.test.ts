import { expect, test } from '@jest/globals';
import { examplesOf, outputPattern } from '../src/readme-examples';

const fence = (language: string, content: string) => `\`\`\`${language}\n${content}\n\`\`\`\n`;

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
    { owner: '@unite/core', name: 'unite-core-1', code: "console.log('runs');\n", output: 'runs' },
  ]);
});

test('takes an ellipsis for any text, and everything else literally', () => {
  const pattern = outputPattern({ owner: '', name: '', code: '', output: '{ id: … } (once)' });
  expect('{ id: 5f1c } (once)').toMatch(pattern);
  expect('{ id: 5f1c } once').not.toMatch(pattern);
  expect('{ id: 5f1c } (once)\nmore').not.toMatch(pattern);
});
