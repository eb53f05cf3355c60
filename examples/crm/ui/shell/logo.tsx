/** Two paths that join: the mark of Unite. */
export function Logo() {
  return (
    <svg aria-hidden="true" width="24" height="24" viewBox="0 0 24 24">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path
        d="M7 6v6.5a5 5 0 0 0 10 0V6"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      <circle cx="12" cy="8" r="1.75" fill="var(--on-accent)" />
    </svg>
  );
}
