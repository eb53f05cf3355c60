import type { ErrorEvent } from '@unite/apm';
import Link from 'next/link';
import facts from '../facts.module.css';
import styles from './panels.module.css';

/** Where an error is from: release, deployment, request and trace. */
export function ErrorFacts({ event }: { readonly event: ErrorEvent }) {
  const { id, atMs, kind, level, service, route, requestId, traceId, plan } = event;
  const { release, environment, deployment } = service;
  const known: readonly (readonly [string, React.ReactNode])[] = [
    ['Event', <code key="id">{id}</code>],
    ['At', new Date(atMs).toISOString().replace('T', ' ').replace('Z', ' UTC')],
    ['Kind', `${kind.replace('-', ' ')}, ${level}`],
    ['Route', route && <code key="route">{route}</code>],
    ['Release', release && <code key="release">{release}</code>],
    ['Deployment', deployment && <code key="deployment">{deployment.id}</code>],
    ['Environment', environment],
    ['Plan', plan],
    ['Request', requestId && <code key="request">{requestId}</code>],
    [
      'Trace',
      traceId && (
        <Link key="trace" href={`/ops/traces/${traceId}`} prefetch={false}>
          <code>{traceId}</code>
        </Link>
      ),
    ],
  ];
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="facts">
      <h2 id="facts">Where it is from</h2>
      <dl className={`${facts.facts} ${styles.facts}`}>
        {known
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
