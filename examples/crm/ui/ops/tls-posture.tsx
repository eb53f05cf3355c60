import type { TlsHop } from '@unite/crypto/tls';
import type { TlsPosture as Posture } from '@/lib/ops/read-tls-posture';
import panel from '../apm/panels.module.css';
import { StatusMark, type StatusMarkProps } from '../status-mark';
import styles from './tls-posture.module.css';
import { timeOfDay } from './units';

const marks: Readonly<Record<TlsHop['status'], Omit<StatusMarkProps, 'children'> & { word: string }>> = {
  passed: { shape: 'check', tone: 'ok', word: 'TLS 1.3 alone' },
  warned: { shape: 'triangle', tone: 'warn', word: 'Look at it' },
  failed: { shape: 'cross', tone: 'critical', word: 'Not safe' },
};

/** Every way that data takes, and how it is really encrypted. */
export function TlsPosture({ posture: { atMs, hops } }: { readonly posture: Posture }) {
  const open = hops.filter(({ protocol }) => protocol === undefined).length;
  return (
    <section className={`panel ${panel.panel} ${styles.posture}`} aria-labelledby="encryption">
      <div className={panel.head}>
        <h2 id="encryption">Encryption on the way</h2>
        <p className="meta">
          {open === 0
            ? `All ${hops.length} hops are encrypted`
            : `${open} of ${hops.length} hops are not encrypted`}
          ; seen at {timeOfDay(atMs)} UTC
        </p>
      </div>
      <table className={panel.table}>
        <thead>
          <tr>
            <th scope="col">Hop</th>
            <th scope="col" className={panel.state}>
              State
            </th>
            <th scope="col" className={panel.wide}>
              Protocol
            </th>
            <th scope="col" className={panel.wide}>
              Certificate until
            </th>
            <th scope="col" className={panel.wide}>
              TLS 1.2
            </th>
            <th scope="col" className={panel.wide}>
              Plain text
            </th>
          </tr>
        </thead>
        <tbody>
          {hops.map((hop) => (
            <Hop key={`${hop.from} ${hop.name} ${hop.to}`} hop={hop} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Hop({ hop }: { readonly hop: TlsHop }) {
  const { shape, tone, word } = marks[hop.status];
  return (
    <tr>
      <th scope="row">
        {hop.from} to {hop.name}
        {hop.remedy !== undefined && (
          <span className={panel.note}>
            {hop.detail}. {hop.remedy}
          </span>
        )}
      </th>
      <td className={panel.state}>
        <StatusMark shape={shape} tone={tone}>
          {word}
        </StatusMark>
      </td>
      <td className={panel.wide}>
        {hop.protocol ?? 'none'}
        {hop.cipher && <span className={panel.note}>{hop.cipher}</span>}
      </td>
      <td className={panel.wide}>
        {hop.expiresAtMs === undefined ? '–' : new Date(hop.expiresAtMs).toISOString().slice(0, 10)}
      </td>
      <td className={panel.wide}>{answer(hop.acceptsTls12)}</td>
      <td className={panel.wide}>{answer(hop.acceptsPlaintext)}</td>
    </tr>
  );
}

function answer(accepts: boolean | undefined): string {
  if (accepts === undefined) return '–';
  return accepts ? 'accepted' : 'refused';
}
