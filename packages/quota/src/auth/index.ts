export type {
  AuthAttempt,
  AuthLimiter,
  AuthLimiterOptions,
  AuthLimiterStatistics,
  AuthRequest,
  BackoffOptions,
} from './auth-types';
export { createAuthLimiter } from './create-auth-limiter';
