import { checkOptions, describeValue, expects, type OptionCheck } from '@unite/shared';

/** What is looked at where it is used. */
const unchecked: OptionCheck = () => undefined;
const settlement = expects('"release" or "charge"', (value) => value === 'release' || value === 'charge');
const useChecks: Readonly<Record<string, OptionCheck>> = {
  tenantId: unchecked,
  plan: unchecked,
  use: unchecked,
  for: unchecked,
  idempotencyKey: unchecked,
  route: unchecked,
  model: unchecked,
  timeZone: unchecked,
  billingAnchor: unchecked,
};
const useNames: ReadonlySet<string> = new Set(Object.keys(useChecks));
const reserveChecks: Readonly<Record<string, OptionCheck>> = {
  ...useChecks,
  expiresInMs: unchecked,
  onError: settlement,
  onTimeout: settlement,
};
const resourceChecks: Readonly<Record<string, OptionCheck>> = {
  tenantId: unchecked,
  plan: unchecked,
  current: unchecked,
  count: unchecked,
  adding: unchecked,
};

/**
 * What is asked most, so that nothing is made for it.
 *
 * @throws TypeError for an option that there is not: a typing mistake would be a default that nobody chose
 */
export function checkUseRequest(owner: string, request: unknown): void {
  for (const name in request as object) {
    if (!useNames.has(name)) checkOptions(owner, request, useChecks);
  }
}

/** @throws TypeError as {@link checkUseRequest} */
export function checkReserveRequest(request: unknown): void {
  checkOptions('reserve', request, reserveChecks);
}

/** @throws TypeError as {@link checkUseRequest} */
export function checkResourceRequest(owner: string, request: unknown): void {
  checkOptions(owner, request, resourceChecks);
}

/** For what is no request at all. */
export function noRequest(owner: string, request: unknown): TypeError {
  return new TypeError(
    `${owner}: the request must be an object such as { tenantId, use: { apiCalls: 1 } }, got ${describeValue(request)}`,
  );
}
