import type { Deployment, Service } from '../sink-types';
import { hashOf } from './clean-name';
import type { EventText } from './event-line';
import { serviceTags } from './service-tags';

/** A roll-out as an event, with the tags that it stands for. */
export function deploymentEvent(
  deployment: Deployment,
  service: Service,
  nowMs: number,
  constantTags: Readonly<Record<string, string>> | undefined,
): EventText {
  const release = deployment.release ?? service.release;
  const where = service.environment === undefined ? '' : ` to ${service.environment}`;
  return {
    title: `Deployed ${service.name}${release === undefined ? '' : ` ${release}`}${where}`,
    text: [
      `Deployment ${deployment.id}`,
      ...(deployment.commit === undefined ? [] : [`Commit ${deployment.commit}`]),
    ].join('\n'),
    atMs: deployment.atMs ?? nowMs,
    alertType: 'info',
    // Every process of a roll-out tells of it.
    aggregationKey: hashOf(`deployment ${service.name} ${deployment.id}`),
    tags: serviceTags({ ...service, release, deployment }, constantTags),
  };
}
