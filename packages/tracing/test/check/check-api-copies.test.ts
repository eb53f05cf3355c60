import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { checkApiCopies } from '../../src/check/check-api-copies';

describe('checkApiCopies', () => {
  const directory = mkdtempSync(join(tmpdir(), 'unite-test-'));
  beforeEach(() => {
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    jest.spyOn(process, 'cwd').mockReturnValue(directory);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    trace.disable();
    rmSync(directory, { recursive: true, force: true });
  });

  it('finds what a dependency would load, which Node does not list when it is an ES module', () => {
    // Of one that is not installed nothing is known.
    write('package.json', { dependencies: { library: '1', other: '1' } });
    write('node_modules/library/package.json', { dependencies: { '@opentelemetry/api': '^1' } });
    write('node_modules/library/node_modules/@opentelemetry/api/package.json', {
      version: '1.10.0',
      main: 'build/src/index.js',
    });
    write('node_modules/library/node_modules/@opentelemetry/api/build/src/index.js', '');
    expect(checkApiCopies()).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^1\.10\.0 in .*library.* sees no span: 1\.9\.1 has registered/),
      remedy: expect.stringContaining('"overrides"'),
    });
  });

  it('passes one version, also of an application without a package.json', () => {
    mkdirSync(directory, { recursive: true });
    expect(checkApiCopies()).toMatchObject({ status: 'passed' });
  });

  function write(path: string, content: unknown): void {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
});
