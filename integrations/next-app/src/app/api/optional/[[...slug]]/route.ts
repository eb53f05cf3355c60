import { report } from '@/lib/report';
import { route } from '@/lib/unite';

export const GET = route(() => Response.json(report()));
