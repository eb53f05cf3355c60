import Link from 'next/link';
import styles from './back-link.module.css';
import { Icon } from './icon';

export function BackLink({ href, children }: { readonly href: string; readonly children: React.ReactNode }) {
  return (
    <Link className={styles.back} href={href} prefetch={false}>
      <Icon name="left" />
      {children}
    </Link>
  );
}
