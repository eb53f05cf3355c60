import { describeValue } from '@unite/shared';

/** Features that few sites need, and that a script from elsewhere would like. */
const denied = [
  'accelerometer',
  'bluetooth',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** A dictionary of structured fields (Permissions Policy §5.2): `camera=(), geolocation=(self "https://maps.example.com")`. */
export function permissionsPolicy(permissions: Readonly<Record<string, readonly string[]>>): string {
  const all = { ...Object.fromEntries(denied.map((feature) => [feature, []])), ...permissions };
  return Object.entries(all)
    .map(([feature, allowed]: [string, readonly string[]]) => `${feature}=${allowlist(allowed)}`)
    .join(', ');
}

function allowlist(allowed: readonly string[]): string {
  return allowed.includes('*')
    ? '*'
    : `(${allowed.map((who) => (who === 'self' ? who : `"${who}"`)).join(' ')})`;
}

/** @throws TypeError */
export function checkPermissions(value: unknown): void {
  const option = 'createSecurityHeaders: option "permissions"';
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${option} must be an object of features, got ${describeValue(value)}`);
  }
  for (const [feature, allowed] of Object.entries(value)) {
    if (!/^[a-z]+(-[a-z]+)*$/.test(feature)) {
      throw new TypeError(`${option} has ${describeValue(feature)}, which is no name of a feature`);
    }
    if (!Array.isArray(allowed) || !allowed.every(isAllowed)) {
      throw new TypeError(`${option} must list 'self', '*' or origins for "${feature}"`);
    }
  }
}

function isAllowed(who: unknown): boolean {
  return who === 'self' || who === '*' || (typeof who === 'string' && /^https?:\/\/[\w.:*-]+$/.test(who));
}
