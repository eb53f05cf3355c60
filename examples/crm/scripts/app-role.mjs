import { scryptSync } from 'node:crypto';

/** The role the application connects as. It owns nothing and row-level security binds it. */
export const appRole = 'crm_app';

/**
 * The application role's password: CRM_APP_PASSWORD, else one derived from the owner's, so that the
 * scripts which set it and the one which uses it need not share a file.
 *
 * @param {string} ownerUrl
 */
export function appPassword(ownerUrl) {
  const ownerPassword = decodeURIComponent(new URL(ownerUrl).password);
  return (
    process.env.CRM_APP_PASSWORD ??
    scryptSync(ownerPassword, `password of ${appRole}`, 24).toString('base64url')
  );
}

/**
 * The same server, connected to as the application's role.
 *
 * @param {string} serverUrl
 * @param {string} ownerUrl the primary's, from whose password the role's is derived
 */
export function asAppRole(serverUrl, ownerUrl) {
  const url = new URL(serverUrl);
  url.username = appRole;
  url.password = appPassword(ownerUrl);
  return url.href;
}

/**
 * Gives a process the application's role in place of the owner's credentials, as DATABASE_URL and REPLICA_URLS.
 *
 * @param {NodeJS.ProcessEnv} env changed
 */
export function takeAppRole(env) {
  const ownerUrl = env.DATABASE_URL ?? '';
  const replicaUrls = (env.REPLICA_URLS ?? '').split(',').filter((url) => url.trim());
  env.DATABASE_URL = asAppRole(ownerUrl, ownerUrl);
  env.REPLICA_URLS = replicaUrls.map((url) => asAppRole(url.trim(), ownerUrl)).join(',');
}
