/** A part of a whole as a bar; decoration, since the figure stands beside it. */
export function ShareBar({
  part,
  of,
  isOver = false,
}: {
  readonly part: number;
  readonly of: number;
  readonly isOver?: boolean;
}) {
  const percent = of > 0 ? Math.min((part / of) * 100, 100) : 0;
  return (
    <svg class={isOver ? 'share-bar share-over' : 'share-bar'} aria-hidden="true" height="6">
      <rect class="share-whole" width="100%" height="6" rx="3" />
      <rect class="share-part" width={`${percent}%`} height="6" rx="3" />
    </svg>
  );
}
