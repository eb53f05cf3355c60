/**
 * What a user sees when everything runs.
 *
 * @param {{
 *   url: string, startedAtMs: number, scorerUrl?: string | undefined, apiUrl?: string | undefined,
 *   services: {
 *     databaseUrl: string, replicaUrls: readonly string[], redisUrl?: string,
 *     postgres?: { nodes: readonly { name: string, pid?: number, url: string }[] },
 *     certificates?: { caPath: string },
 *   },
 * }} started
 */
export function whatToTry({ url, apiUrl, startedAtMs, scorerUrl, services }) {
  const caPath = services.certificates?.caPath;
  const curl = caPath ? `curl --cacert ${caPath}` : 'curl';
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  return [
    '',
    `Unite CRM is ready after ${seconds} s: ${url}`,
    '',
    `  Contacts   ${url}/contacts`,
    `  Usage      ${url}/usage  (open a contact and score it with AI)`,
    `  Errors     ${url}/errors`,
    `  Servers    ${url}/ops  (as an owner: Imani, Ada, …)`,
    `  API        ${curl} -i ${url}/api/contacts`,
    `  A mistake  ${curl} -i ${url}/api/contacts --json '{"name":"Ada"}'`,
    ...(apiUrl ? [`  By Express ${curl} -i ${apiUrl}/api/v1/contacts`] : []),
    `  Primary    psql '${services.databaseUrl}'`,
    ...services.replicaUrls.map((replica, index) => `  Replica ${index + 1}  psql '${replica}'`),
    ...(caPath ? [`  TLS        1.3 alone; ${caPath} vouches for it`] : []),
    `  Redis      ${services.redisUrl ?? 'none: in-memory stores'}`,
    ...(scorerUrl
      ? [
          `  Scorer     curl -X PUT ${new URL('/behaviour', scorerUrl)} --json '{"status":500}'  (it fails; {} mends it)`,
        ]
      : []),
    '  Verify     npm run unite -- verify',
    '  Load       npm run unite -- load --users 200',
    ...(apiUrl
      ? [`             npm run unite -- load ${apiUrl} -c ../express-api/unite.config.ts --users 200`]
      : []),
    '',
    ...whatToBreak(services.postgres?.nodes ?? []),
    'Ctrl-C stops everything.',
  ].join('\n');
}

/**
 * Failures to watch at /ops; only for servers that this start can bring back.
 *
 * @param {readonly { name: string, pid?: number, url: string }[]} nodes
 */
function whatToBreak([primary, replica, another]) {
  if (!primary || !replica || !another) return [];
  return [
    'Break something by Drills in the top bar, or by hand, and keep using the app; /ops shows what happens:',
    '',
    `  kill -9 ${another.pid}   ${another.name}: no page fails`,
    `  kill -9 ${primary.pid}   the primary: saving waits until it is back, reading does not`,
    `  psql '${replica.url}' -c 'select pg_promote()'`,
    '    saving goes on there; the old primary gets nothing more. The next start begins with it again.',
    '',
  ];
}
