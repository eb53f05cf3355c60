import styles from './status-mark.module.css';

/** Shape first, then word, then colour: each tells the states apart without the others. */
const shapes = {
  dashed: (
    <circle
      cx="7"
      cy="7"
      r="5.25"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.2 1.93"
    />
  ),
  ring: <circle cx="7" cy="7" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  half: (
    <>
      <circle cx="7" cy="7" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 3.75a3.25 3.25 0 0 1 0 6.5z" fill="currentColor" />
    </>
  ),
  check: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4.25 7.2 6.2 9.1 9.8 5.2" fill="none" stroke="var(--bg)" strokeWidth="1.5" />
    </>
  ),
  cross: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" />
      <path d="m4.5 4.5 5 5m0-5-5 5" fill="none" stroke="var(--bg)" strokeWidth="1.5" />
    </>
  ),
  bars: <path d="M2.5 1.5h3.25v11H2.5zm5.75 0h3.25v11H8.25z" fill="currentColor" />,
  triangle: <path d="M7 1.2 13.3 12.5H.7z" fill="currentColor" />,
} as const;

export interface StatusMarkProps {
  readonly shape: keyof typeof shapes;
  readonly tone: 'muted' | 'accent' | 'ok' | 'warn' | 'critical';
  readonly children: React.ReactNode;
}

export function StatusMark({ shape, tone, children }: StatusMarkProps) {
  return (
    <span className={styles.mark}>
      <svg className={styles[tone]} aria-hidden="true" width="14" height="14" viewBox="0 0 14 14">
        {shapes[shape]}
      </svg>
      {children}
    </span>
  );
}
