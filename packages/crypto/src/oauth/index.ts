export type { CookieSecret } from './check-secrets';
export { createCookieSessions } from './create-cookie-sessions';
export { createLogin } from './create-login';
export type * from './login-types';
export { safeReturnPath } from './safe-return-path';
export type * from './session-types';
