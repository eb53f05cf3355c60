export { createRedactor } from './create-redactor';
export { describeThrown, type Thrown } from './describe-thrown';
export { isDatabaseError, isDatabaseErrorType } from './is-database-error';
export { maskQuoted, maskQuotedStack } from './mask-quoted';
export { mask, maskSecrets } from './mask-secrets';
export { isSecretName } from './secret-names';
