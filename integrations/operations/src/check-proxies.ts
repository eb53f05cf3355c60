import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { findHaproxy, findNginx } from '@unite/services';
import { makeCertificates } from '@unite/services/certificates';
import type { OperationsCheck } from './check-types';
import { toolsDirectory } from './places';
import { complaintsOf, runProgram } from './run-program';
import { withFolder } from './with-folder';

// What a machine of production has elsewhere, or not at all here, is replaced; everything else is read as it stands.

export const checkHaproxy: OperationsCheck = {
  name: 'haproxy/haproxy.cfg',
  by: 'haproxy -c',
  run: (operations) =>
    withFolder(async (folder) => {
      const { certPath, keyPath } = await makeCertificates({ directory: join(folder, 'certificates') });
      const pem = join(folder, 'crm.pem');
      writeFileSync(pem, readFileSync(certPath, 'utf8') + readFileSync(keyPath, 'utf8'));
      const config = join(folder, 'haproxy.cfg');
      const text = readFileSync(join(operations, 'templates/haproxy/haproxy.cfg'), 'utf8')
        .replace('/etc/haproxy/certs/crm.pem', pem)
        .replace(/^ {2}(user|group) haproxy$/gm, (_, kind) =>
          kind === 'user' ? `  uid ${userInfo().uid}` : `  gid ${userInfo().gid}`,
        );
      writeFileSync(config, text);
      const haproxy = await findHaproxy(toolsDirectory, {});
      const found = await runProgram(haproxy, ['-c', '-V', '-f', config]);
      // A warning is a line that does not do what it says.
      const warnings = found.output.split('\n').filter((line) => line.includes('[WARNING]'));
      return [...complaintsOf('haproxy', found), ...warnings];
    }),
};

export const checkNginx: OperationsCheck = {
  name: 'nginx/nginx.conf',
  by: 'nginx -t',
  run: (operations) =>
    withFolder(async (folder) => {
      const { certPath, keyPath } = await makeCertificates({ directory: join(folder, 'certificates') });
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
        .join('\n');
      const text = readFileSync(join(operations, 'templates/nginx/nginx.conf'), 'utf8')
        .replace('/etc/nginx/certs/crm.pem', certPath)
        .replace('/etc/nginx/certs/crm.key', keyPath)
        .replaceAll('/var/log/nginx/', `${folder}/`)
        .replace('/run/nginx.pid', join(folder, 'nginx.pid'))
        .replace(/^user .*$/m, '')
        // It tries to listen, which below 1024 needs rights.
        .replace('listen 443', 'listen 127.0.0.1:44443')
        .replace('listen 80;', 'listen 127.0.0.1:44480;')
        .replace(/^http \{$/m, `http {\n${temporary}`);
      const config = join(folder, 'nginx.conf');
      writeFileSync(config, text);
      const nginx = await findNginx({ toolsDirectory });
      const log = ['-e', join(folder, 'error.log')];
      const found = await runProgram(nginx, ['-t', '-p', folder, '-c', config, ...log]);
      // From 1.25 on it is said in another way, which 1.22 does not know.
      const isFine = (line: string): boolean => line.includes('http2" directive is deprecated');
      const warnings = found.output.split('\n').filter((line) => line.includes('[warn]') && !isFine(line));
      return [...complaintsOf('nginx', found), ...warnings];
    }),
};
