import type { Finding } from '@unite/core';

type Measured = Finding['measured'];

/** Proven. */
export function passed(subject: string, detail: string, measured?: Measured): Finding {
  return { subject, status: 'passed', detail, ...(measured && { measured }) };
}

/** Works, and somebody should look. */
export function warned(subject: string, detail: string, remedy: string, measured?: Measured): Finding {
  return { subject, status: 'warned', detail, remedy, ...(measured && { measured }) };
}

/** Does not work. */
export function failed(subject: string, detail: string, remedy: string, measured?: Measured): Finding {
  return { subject, status: 'failed', detail, remedy, ...(measured && { measured }) };
}

/** Could not be looked at. */
export function skipped(subject: string, detail: string): Finding {
  return { subject, status: 'skipped', detail };
}
