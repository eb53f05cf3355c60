import { checkGenerated } from './check-generated';
import { checkKubernetes } from './check-kubernetes';
import { checkLinks } from './check-links';
import { checkAlertmanager, checkPrometheus, checkQueries, checkRuleFiles } from './check-monitoring';
import { checkNumbers } from './check-numbers';
import { checkHaproxy, checkNginx } from './check-proxies';
import { checkRunbooks } from './check-runbooks';
import { checkSystemd } from './check-systemd';
import type { OperationsCheck } from './check-types';

/** All of them; the order is that of their lines. */
export const operationsChecks: readonly OperationsCheck[] = [
  checkGenerated,
  checkRuleFiles,
  checkPrometheus,
  checkAlertmanager,
  checkQueries,
  checkHaproxy,
  checkNginx,
  checkSystemd,
  checkKubernetes,
  checkNumbers,
  checkRunbooks,
  checkLinks,
];
