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
const reserveChecks: Readonly<Record<string, OptionCheck>> = {
  ...useChecks,
  expiresInMs: unchecked,
  onError: settlement,
  onTimeout: settlement,
};

/** @throws TypeError for an option that there is not: a typing mistake would be a default that nobody chose */
export function checkReserveRequest(request: unknown): void {
  checkOptions('reserve', request, reserveChecks);
}

/** @throws TypeError as {@link checkReserveRequest} */
export function checkRecordRequest(request: unknown): void {
  checkOptions('record', request, useChecks);
}

/** For what is no request at all. */
export function noRequest(owner: string, request: unknown): TypeError {
  return new TypeError(
    `${owner}: the request must be an object such as { tenantId, use: { apiCalls: 1 } }, got ${describeValue(request)}`,
  );
}
