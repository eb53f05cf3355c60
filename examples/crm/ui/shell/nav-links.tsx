'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const links = [
  ['/contacts', 'Contacts'],
  ['/campaigns', 'Campaigns'],
  ['/errors', 'Errors'],
] as const;

/** The screens, the current one marked. */
export function NavLinks() {
  const pathname = usePathname();
  return links.map(([href, label]) => (
    <Link key={href} href={href} prefetch={false} aria-current={ariaCurrent(pathname, href)}>
      {label}
    </Link>
  ));
}

function ariaCurrent(pathname: string, href: string): 'page' | 'true' | undefined {
  if (pathname === href) return 'page';
  return pathname.startsWith(`${href}/`) ? 'true' : undefined;
}
