export { createSecurityHeaders } from './create-security-headers';
export { type CspReport, type CspReportsHandler, type CspReportsOptions, cspReports } from './csp-reports';
export type * from './headers-types';
