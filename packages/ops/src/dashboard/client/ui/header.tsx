import type { DashboardHeader } from '../../screen-types';
import { seconds } from '../format/times';
import { ScreenLink } from './screen-link';

/** Whose figures these are: of one process, and of no other. */
export function Header({ header }: { readonly header: DashboardHeader }) {
  const { service, release, environment, pid, startedAtMs, atMs, tenantId, home } = header;
  const facts = [
    ['Release', release ?? 'not said'],
    ['Environment', environment ?? 'not said'],
    ['Process', String(pid)],
    ['Up', seconds(atMs - startedAtMs)],
  ] as const;
  return (
    <header class="top">
      <div class="top-inside">
        <p class="service">
          {home && (
            <a class="home" href={home.href}>
              ← {home.label}
            </a>
          )}
          <ScreenLink to={{ screen: 'now' }}>{service}</ScreenLink>
          <span class="tag">This process only</span>
          {tenantId !== undefined && <span class="tag">Tenant {tenantId} only</span>}
        </p>
        <dl class="top-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  );
}
