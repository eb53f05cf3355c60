'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const screens = [
  ['/contacts', 'Contacts'],
  ['/campaigns', 'Campaigns'],
  ['/usage', 'Usage'],
  ['/errors', 'Errors'],
  ['/ops', 'Ops'],
] as const;

/** The screens, the current one marked. */
export function NavLinks({ showsOps }: { readonly showsOps: boolean }) {
  const pathname = usePathname();
  const links = screens.filter(([href]) => href !== '/ops' || showsOps);
  return links.map(([href, label]) =>
    href === '/ops' ? (
      // A page of its own, which the router knows nothing of.
      <a key={href} href={href}>
        {label}
      </a>
    ) : (
      <Link key={href} href={href} prefetch={false} aria-current={ariaCurrent(pathname, href)}>
        {label}
      </Link>
    ),
  );
}

function ariaCurrent(pathname: string, href: string): 'page' | 'true' | undefined {
  if (pathname === href) return 'page';
  return pathname.startsWith(`${href}/`) ? 'true' : undefined;
}
