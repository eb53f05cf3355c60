'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** A navigation without a page load leaves menus open, and the focus on a link that may be gone. This puts both right. */
export function AfterNavigation() {
  const pathname = usePathname();
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    for (const popover of document.querySelectorAll<HTMLElement>(':popover-open')) popover.hidePopover();
    const main = document.getElementById('main');
    // Where the screen has taken the focus itself, as for its first field, it stays there.
    if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
  }, [pathname]);

  return null;
}
