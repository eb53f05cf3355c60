'use client';

interface ListLinkProps extends React.AnchorHTMLAttributes<HTMLAnchorElement> {
  /** Without one it leads nowhere now; what has the focus keeps it. */
  readonly href: string | undefined;
}

/** Leads to another list of contacts: a step in the history, and no page to load. Without script it is a plain link. */
export function ListLink({ href, children, onClick, ...attributes }: ListLinkProps) {
  if (href === undefined) {
    return (
      <a {...attributes} role="link" aria-disabled="true" tabIndex={-1}>
        {children}
      </a>
    );
  }
  return (
    <a
      {...attributes}
      href={href}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onClick?.(event);
        window.history.pushState(null, '', href);
      }}
    >
      {children}
    </a>
  );
}
