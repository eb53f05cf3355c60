import { expect, test } from '@jest/globals';
import { verifyBudget } from '../../src/budget';
import { runVerifiers } from '../../src/verify';
import { recordedApp, reportFile } from './support/recorded-app';

test('a route is one finding, with its sizes', async () => {
  const { passed, verifiers } = await runVerifiers([verifyBudget({ app: recordedApp() })]);
  expect(passed).toBe(true);
  const [{ name, findings } = { name: '', findings: [] }] = verifiers;
  expect([name, findings.length]).toEqual(['budget', 5]);
  expect(findings[0]).toEqual({
    subject: '/heavy',
    status: 'passed',
    detail: expect.stringMatching(/^loads \d+ bytes of JavaScript first \(gzip\)$/),
    measured: { rawBytes: 15_593, gzipBytes: expect.any(Number), brotliBytes: expect.any(Number) },
  });
});

test('what is over, blind and not known is said with what to do', async () => {
  const app = recordedApp({
    'budgets.json': '{ "default": { "rawKb": 12.5 }, "routes": { "/gone": { "rawKb": 1 } } }',
    '.next/analyze.jsonl': undefined,
  });
  const { passed, verifiers } = await runVerifiers([verifyBudget({ app, name: 'pages' })]);
  expect(passed).toBe(false);
  expect(verifiers[0]?.name).toBe('pages');
  expect(verifiers[0]?.findings.filter(({ status }) => status !== 'passed')).toMatchObject([
    {
      subject: '/heavy',
      status: 'failed',
      detail: 'takes 15593 bytes (raw), where 12500 are allowed',
      remedy: 'Look at (bundler), web-vitals, lib/vitals.jsx: load it later, or not at all.',
    },
    {
      subject: 'budgets',
      status: 'failed',
      detail: expect.stringContaining('/gone'),
      remedy: 'Correct budgets.json.',
    },
    { subject: 'modules', status: 'skipped' },
  ]);
});

test('a build that cannot be weighed has failed', async () => {
  const { passed, verifiers } = await runVerifiers([
    verifyBudget({ app: recordedApp({ [reportFile]: undefined }) }),
  ]);
  expect(passed).toBe(false);
  expect(verifiers[0]).toMatchObject({
    code: 'UNITE_OPS_BUILD_UNREADABLE',
    findings: [{ status: 'failed' }],
  });
});

test('options that are none are refused at once', () => {
  expect(verifyBudget().name).toBe('budget');
  expect(() => verifyBudget({ app: '' })).toThrow('verifyBudget: option "app" must be a non-empty string');
  expect(() => verifyBudget({ name: '' })).toThrow('verifyBudget: option "name" must be a non-empty string');
});
