/**
 * State that exists once per process, whatever the number of module copies: Next.js loads a package
 * anew in `instrumentation.ts`, `proxy.ts` and each route, and ES modules and CommonJS are separate too.
 *
 * @param name registry key, versioned, such as `unite.once.1`
 * @param create makes the value the first time
 */
export function globalSlot<Value extends object>(name: string, create: () => Value): Value {
  const slots = globalThis as { [key: symbol]: Value | undefined };
  const key = Symbol.for(name);
  slots[key] ??= create();
  return slots[key];
}
