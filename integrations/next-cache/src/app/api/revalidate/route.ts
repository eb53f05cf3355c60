import { revalidatePath, revalidateTag } from 'next/cache';
import { cache } from '@/lib/cache.mjs';

export async function POST(request: Request): Promise<Response> {
  const by = new URL(request.url).searchParams.get('by');
  if (by === 'tag') revalidateTag('value', { expire: 0 });
  if (by === 'path') revalidatePath('/api/value');
  if (by === 'cache') await cache.invalidateTags(['value', 'contacts']);
  return new Response(null, { status: 204 });
}
