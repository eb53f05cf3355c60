import { env } from '../../crm/lib/env';

/** What traces, metrics, errors and the database know this program as. */
export const service = { ...env.service, name: 'crm-api' };
