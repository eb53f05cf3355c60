/** Tag of whatever counts campaigns of a workspace. */
export const campaignsOf = (tenantId: string) => `campaigns-of:${tenantId}`;
