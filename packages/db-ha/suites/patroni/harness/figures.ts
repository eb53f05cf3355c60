/** Prints what a test measured, on one line. Fractions are rounded. */
export function figures(title: string, values: Readonly<Record<string, number | string>>): void {
  const texts = Object.entries(values).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : value}`,
  );
  process.stdout.write(`${title}: ${texts.join(', ')}\n`);
}
