/** Gives a program, or says in words why it cannot. */
export type Finder<Found extends object> = () => Promise<Found | string>;

/**
 * Asks one source after the other, until one gives a program.
 *
 * @returns the program, or one line for each source that had none
 */
export async function firstFound<Source extends string, Found extends object>(
  finders: Readonly<Record<Source, Finder<Found>>>,
  sources: readonly Source[],
): Promise<Found | string> {
  const reasons: string[] = [];
  for (const source of sources) {
    const found = await finders[source]();
    if (typeof found === 'object') return found;
    reasons.push(`  ${source}: ${found}`);
  }
  return reasons.join('\n');
}
