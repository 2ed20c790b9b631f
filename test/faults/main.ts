// SPDX-License-Identifier: Apache-2.0
// Runs inside a cluster of the profile api: node test/faults/main.ts [ROW]
import { spawn } from 'node:child_process';
import { startPodsStandIn } from '../../bench/api/pods-stand-in.ts';
import { jestEnvironment } from '../../scripts/tiers/environment.ts';
import { fileResults, runJest } from '../../scripts/tiers/jest.ts';
import { auditLogPath } from '../cluster/faults.ts';
import { installGatewayApi } from '../cluster/gateway-api.ts';
import { installTraefikCrds } from '../cluster/traefik-crds.ts';
import { readAudit } from '../e2e/audit/log.ts';
import { strayWrites } from '../e2e/audit/ownership.ts';
import { installHeadway } from '../e2e/support/install.ts';
import { kubectl } from '../e2e/support/kubectl.ts';
import { admin, clusterName, operatorUser, root } from '../e2e/support/world.ts';
import { startGatewayStandIn } from './rig/gateway-stand-in.ts';

/** Rows wait most of their time, so that all of a file run at once, and all files beside each other. */
const workers = 8;
const rowsAtOnce = 40;

async function main(filter: string | undefined): Promise<boolean> {
  const kubeconfig = await installHeadway();
  await Promise.all([installGatewayApi(kubectl), installTraefikCrds(kubectl)]);
  const pods = await startPodsStandIn(admin());
  const gateways = await startGatewayStandIn(admin());
  const { failed } = await runJest({
    project: 'faults',
    name: 'faults',
    args: [
      `--maxWorkers=${workers}`,
      `--maxConcurrency=${rowsAtOnce}`,
      ...(filter === undefined ? [] : [`--testNamePattern=${filter}`]),
    ],
    isShown: fileResults(),
    progressMs: 30_000,
    start: ([program = '', ...args]) =>
      spawn(program, args, {
        cwd: root,
        env: jestEnvironment({ HEADWAY_KUBECONFIG: kubeconfig }),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  });
  await pods.stop();
  await gateways.stop();
  await admin().close();
  const stray = await strays();
  for (const line of stray) console.log(line);
  return failed === 0 && stray.length === 0;
}

/** What any operator wrote that belongs to no row. */
async function strays(): Promise<string[]> {
  const writes = await readAudit(auditLogPath(clusterName()), (line) => line.includes(operatorUser));
  return strayWrites(writes, operatorUser, (namespace) => namespace.startsWith('faults-'));
}

process.exitCode = (await main(process.argv[2])) ? 0 : 1;
