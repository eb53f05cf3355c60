import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pin, tokenLabel } from './token';

/** Kept from one run to the next, where the tests of the services keep theirs. */
const tools = resolve(__dirname, '..', '..', '..', '..', '..', '.unite', 'tools');
/** The release that is written against. */
const pkcs11js = 'pkcs11js@2.1.7';

/** Fetches what is missing and makes an empty token. SoftHSM reads the real environment, which tests only have a copy of. */
export default function setUp(): void {
  const softhsm = once('softhsm2', unpackSoftHsm);
  const native = once('pkcs11js', (folder) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    run('npm', ['install', '--no-audit', '--no-fund', pkcs11js], folder);
    // Newer releases of npm run no scripts at an install that nobody approved.
    if (!existsSync(join(folder, 'node_modules/pkcs11js/build/Release/pkcs11.node')))
      run('npm', ['rebuild', '--foreground-scripts', 'pkcs11js'], folder);
  });

  const folder = mkdtempSync(join(tmpdir(), 'unite-softhsm-'));
  const configuration = join(folder, 'softhsm2.conf');
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(configuration, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  const module = join(softhsm, 'usr/lib/softhsm/libsofthsm2.so');
  Object.assign(process.env, {
    SOFTHSM2_CONF: configuration,
    UNITE_PKCS11_MODULE: module,
    UNITE_PKCS11JS: join(native, 'node_modules/pkcs11js'),
  });
  const token = ['--label', tokenLabel, '--pin', pin, '--so-pin', 'so-1234'];
  run(
    join(softhsm, 'usr/bin/softhsm2-util'),
    ['--module', module, '--init-token', '--free', ...token],
    folder,
  );
}

function unpackSoftHsm(folder: string): void {
  run('apt-get', ['download', 'softhsm2', 'libsofthsm2'], folder);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.deb')))
    run('dpkg', ['-x', name, '.'], folder);
}

/** The folder of a tool. It is complete when it exists. */
function once(name: string, make: (folder: string) => void): string {
  const folder = join(tools, name);
  if (existsSync(folder)) return folder;
  mkdirSync(tools, { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  make(draft);
  renameSync(draft, folder);
  return folder;
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], timeout: 180_000 });
}
