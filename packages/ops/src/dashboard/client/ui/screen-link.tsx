import type { ComponentChildren } from 'preact';
import { type Address, pathOf } from '../address';
import { useDashboard } from './dashboard-context';

export interface ScreenLinkProps {
  readonly to: Address;
  /** With its question mark. */
  readonly query?: string;
  readonly class?: string;
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A plain link: it works without script, too. */
export function ScreenLink({ to, query = '', isCurrent = false, children, ...rest }: ScreenLinkProps) {
  const { base } = useDashboard();
  return (
    <a href={`${pathOf(to, base)}${query}`} aria-current={isCurrent ? 'page' : undefined} {...rest}>
      {children}
    </a>
  );
}
