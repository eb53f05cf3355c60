import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { AiInstrumentation } from '../../../src/instrumentation/ai';
import { traceAiClient } from '../../../src/instrumentation/ai/trace-ai-client';
import { createTestTracing } from '../../../src/testing';
import { type AiServer, startAiServer } from '../../support/ai-server';

const root = join(__dirname, '../../..');
let folder: string;
let server: AiServer;

// Jest loads modules in its own way, which no hook sees: the processes load the package as it is built.
beforeAll(() => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/unite-ai-'));
  const tsup = join(root, '../../node_modules/tsup/dist/cli-default.js');
  const argv = [
    tsup,
    'src/instrumentation/ai/index.ts',
    '--no-config',
    '--format',
    'cjs',
    '--out-dir',
    folder,
  ];
  execFileSync(process.execPath, [...argv, '--silent'], { cwd: root });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startAiServer();
});
afterEach(() => server.close());

test.each(['required.cjs', 'imported.mjs'])('traces clients of packages that were %s', async (fixture) => {
  const argv = [join(__dirname, 'fixtures', fixture), join(folder, 'index.cjs'), server.url];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 150_000 });
  expect(JSON.parse(stdout)).toEqual({
    patched: [
      'chat gpt-5 openai 120',
      'chat gpt-5 openai 50',
      'embeddings small openai 5',
      'chat claude anthropic 1320',
      'chat claude anthropic 1320',
      'chat claude anthropic 1320',
    ],
    wrappedToo: ['chat llama groq 120'],
    disabled: [],
    enabled: ['chat gpt-5 openai 120'],
    // A rejection that nobody handles is still one.
    unhandled: 400,
  });
});

test('patches and restores what it finds, whatever the module looks like', async () => {
  const tracing = createTestTracing();
  class Messages {
    async create(_: unknown): Promise<unknown> {
      return {};
    }
    stream(): string {
      return 'stream';
    }
  }
  const { create, stream } = Messages.prototype;
  const [openai, anthropic] = new Opened({ enabled: false }).definitions();
  class BetaMessages extends Messages {}
  const Beta = { Messages: BetaMessages };
  const exports = { default: Object.assign(class {}, { Messages, Beta }) };
  expect(anthropic?.patch?.(exports)).toBe(exports);
  expect(openai?.patch?.(undefined)).toBeUndefined();
  await new Messages().create({ model: 'm' });
  expect(new Messages().stream()).toBe('stream');
  expect(tracing.tree()).toBe('chat m');
  anthropic?.unpatch?.(exports);
  expect([Messages.prototype.create, Messages.prototype.stream]).toEqual([create, stream]);
  expect(Object.keys(Object.getOwnPropertyDescriptors(BetaMessages.prototype))).toEqual(['constructor']);

  // What was put on top of it stays.
  anthropic?.patch?.(exports);
  traceAiClient({ messages: Messages.prototype });
  anthropic?.unpatch?.(exports);
  expect(Messages.prototype.create).not.toBe(create);
  tracing.close();
});

class Opened extends AiInstrumentation {
  definitions() {
    return this.init();
  }
}
