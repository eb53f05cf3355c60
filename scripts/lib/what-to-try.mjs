/**
 * What a user sees when everything runs.
 *
 * @param {{ port: number, startedAtMs: number, services: { databaseUrl: string, replicaUrls: readonly string[], redisUrl?: string } }} started
 */
export function whatToTry({ port, startedAtMs, services }) {
  const url = `http://127.0.0.1:${port}`;
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  return [
    '',
    `Unite CRM is ready after ${seconds} s: ${url}`,
    '',
    `  Contacts   ${url}/contacts`,
    `  Errors     ${url}/errors`,
    `  API        curl -i ${url}/api/contacts`,
    `  A mistake  curl -i ${url}/api/contacts --json '{"name":"Ada"}'`,
    `  Primary    psql '${services.databaseUrl}'`,
    ...services.replicaUrls.map((replica, index) => `  Replica ${index + 1}  psql '${replica}'`),
    `  Redis      ${services.redisUrl ?? 'none: in-memory stores'}`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
