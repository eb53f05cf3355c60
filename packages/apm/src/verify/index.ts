export { verifyApm } from './verify-apm';
export type { ArrivedAt, VerifyApmOptions } from './verify-types';
