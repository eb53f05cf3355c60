import type { Metadata } from 'next';
import Link from 'next/link';
import { problems } from '@/lib/unite';
import { Screen } from '@/ui/shell/screen';
import styles from './errors.module.css';

export const metadata: Metadata = { title: 'Errors' };

/** The registry: every kind of problem that the API answers with. */
export default function ErrorsPage() {
  return (
    <Screen
      title="Errors"
      summary={
        <>
          Every refusal of the API is a problem document (RFC 9457), and its <code>type</code> is the address
          of a page here.
        </>
      }
    >
      <ul className={`panel ${styles.list}`}>
        {problems.registry
          .filter(({ builtIn }) => !builtIn)
          .map(({ slug, definition }) => (
            <li key={slug}>
              <span className={styles.status}>{definition.status}</span>
              <div>
                <Link href={`/errors/${slug}`} prefetch={false}>
                  {definition.title}
                </Link>
                <p className="muted">{definition.description}</p>
              </div>
              <code className={styles.slug}>{slug}</code>
            </li>
          ))}
      </ul>
    </Screen>
  );
}
