import type { Metadata } from 'next';
import Link from 'next/link';
import { Failure } from '@/ui/shell/failure';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <Failure title="There is nothing here">
      <p>The page does not exist, or what it was about has been deleted.</p>
      <Link className="button" href="/contacts">
        Go to contacts
      </Link>
    </Failure>
  );
}
