import { headers } from 'next/headers';
import { pathHeader } from '@/lib/path-header';

/** The page that is being shown, for forms that lead back to it. */
export async function returnPath(): Promise<string> {
  return (await headers()).get(pathHeader) ?? '/contacts';
}
