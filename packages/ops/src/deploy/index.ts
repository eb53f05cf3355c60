export { deploy } from './deploy';
export type * from './deploy-types';
export { formatDeployReport } from './format-deploy-report';
export {
  type HaproxyAddress,
  type HaproxyControl,
  haproxyControl,
  type ServerChange,
} from './haproxy/haproxy-control';
export type { ProxyServer } from './haproxy/proxy-server';
