import { randomUUID } from 'node:crypto';
import { cacheLife, cacheTag } from 'next/cache';
import { connection } from 'next/server';

async function madeBy(): Promise<string> {
  'use cache';
  cacheTag('value');
  cacheLife({ stale: 60, revalidate: 600, expire: 3_600 });
  return randomUUID();
}

export async function GET(): Promise<Response> {
  await connection();
  return Response.json({ value: await madeBy(), processId: process.pid });
}
