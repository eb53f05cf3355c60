const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3d ago`, with the exact time in UTC as the tooltip. A browser that renders it again is a moment later. */
export function TimeAgo({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={`${exactTime(at)} UTC`} suppressHydrationWarning>
      {distance(Date.parse(at) - Date.now())}
    </time>
  );
}

/** `22 Nov 2026, 19:31`, in UTC. */
export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

function distance(ms: number): string {
  const unit = units.find(([, unitMs]) => Math.abs(ms) >= unitMs);
  return unit ? relative.format(Math.round(ms / unit[1]), unit[0]) : 'just now';
}
