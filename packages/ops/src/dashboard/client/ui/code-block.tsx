/** Lines to be copied by hand; focusable, since it may have to be scrolled. */
export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section class="code" aria-label={label} tabIndex={0}>
      <pre>
        <code>{code}</code>
      </pre>
    </section>
  );
}
