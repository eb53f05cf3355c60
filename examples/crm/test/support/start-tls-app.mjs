import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServices } from '@unite/services';
import { makeCertificates } from '@unite/services/certificates';
import { runScript } from './run-app.mjs';

/**
 * The application with servers of its own, all of which speak TLS 1.3 alone.
 *
 * @param started where what is started is kept, to be ended
 * @param serve starts the application
 */
export async function startTlsApp(started, serve) {
  const directory = mkdtempSync(join(tmpdir(), 'unite-crm-tls-'));
  await started.server({ close: async () => rmSync(directory, { recursive: true, force: true }) });
  const tls = await makeCertificates({ directory });
  const services = await started.server(startServices({ tls }));
  const env = { ...services.env, CRM_DEMO: '1', NODE_EXTRA_CA_CERTS: tls.caPath };
  await runScript('migrate', env);
  await runScript('seed', env);
  const { origin } = await serve(env);
  process.env.TEST_TLS_ORIGIN = origin;
  process.env.TEST_TLS_DIRECTORY = directory;
  process.env.TEST_TLS_DATABASE_URL = services.databaseUrl;
}
