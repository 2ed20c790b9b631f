// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../../operator/config.ts';
import { type Operator, startOperator } from '../../../operator/operator.ts';
import { root } from '../../e2e/support/world.ts';
import { pointedAt } from '../proxy/kubeconfig.ts';

export const outputDir = join(root, 'build/faults');

/** The operator in this process, behind a proxy: what it loses with its memory is what a killed one loses. */
export interface Instance {
  /** Ends it; a proxy that is cut off keeps it from writing anything on the way. */
  stop(): Promise<void>;
}

/** The path of the kubeconfig of the operator's ServiceAccount, and of nobody else. */
export function operatorKubeconfig(): string {
  const path = process.env['HEADWAY_KUBECONFIG'];
  if (path === undefined) throw new Error('HEADWAY_KUBECONFIG is not set: run `node scripts/test.ts faults`');
  return path;
}

/** Writes a kubeconfig for the same user by way of a proxy, which speaks plain HTTP; answers its path. */
export function kubeconfigVia(url: string, name: string): string {
  mkdirSync(outputDir, { recursive: true });
  const path = join(outputDir, `${name}.yaml`);
  writeFileSync(path, pointedAt(url, readFileSync(operatorKubeconfig(), 'utf8')), { mode: 0o600 });
  return path;
}

/** Starts one that serves some namespaces; there is no other, so it does without a Lease. */
export async function startInstance(url: string, namespaces: readonly string[]): Promise<Instance> {
  const config = configOf([
    `--kubeconfig=${kubeconfigVia(url, namespaces[0] ?? 'all')}`,
    `--namespaces=${namespaces.join(',')}`,
    '--no-leader-election',
    '--health-address=off',
    '--metrics-address=off',
    '--log-level=error',
  ]);
  const operator: Operator = await startOperator(config, {
    onLost: () => {
      throw new Error('an operator without a Lease has lost it');
    },
  });
  return { stop: () => operator.stop('the test says so') };
}

function configOf(argv: readonly string[]): Config {
  const loaded = loadConfig({ argv, env: {}, readFile: (path) => readFileSync(path, 'utf8') });
  if (loaded.kind !== 'run') throw new Error(`not a way to run: ${JSON.stringify(loaded)}`);
  return loaded.config;
}
