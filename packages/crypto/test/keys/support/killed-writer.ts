import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A function of `node:fs/promises`, and which of its calls is the last that the process makes. */
export interface KilledAt {
  readonly name: 'link' | 'rename' | 'rm';
  readonly call: number;
}

const sources = join(__dirname, '../../../src/keys/file/root-keys.ts');

/** The package's sources as they are, as the tests run them. */
const runsTypeScript = `
  const { readFileSync } = require('node:fs');
  const { transformSync } = require('@swc/core');
  require.extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    module._compile(code, filename);
  };`;

/** A process that is killed while it adds a root key, or makes the file: before a call to the file system. */
export async function killedWriter(
  path: string,
  writer: 'addRootKey' | 'createKeyringFile',
  { name, call }: KilledAt,
): Promise<void> {
  const script = `
    ${runsTypeScript}
    const fs = require('node:fs/promises');
    const real = fs.${name};
    let calls = 0;
    fs.${name} = async (...given) => {
      calls += 1;
      if (calls < ${call}) return real(...given);
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => setInterval(() => {}, 1_000));
    };
    require(${JSON.stringify(sources)}).${writer}(${JSON.stringify(path)}, { id: 'never', makePrimary: true });`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: __dirname,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const [, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`it was not killed: ${stderr}`);
}
