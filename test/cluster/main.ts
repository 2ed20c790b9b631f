// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { type Arguments, type Command, parseArguments, usage } from './arguments.ts';
import { openProvider } from './cluster.ts';
import { partLog, signalPart, startPart, stopPart } from './faults.ts';
import { installGatewayApi, removeGatewayApi } from './gateway-api.ts';
import type { Kubectl } from './established.ts';
import { runInside } from './inside-cluster.ts';
import { serviceAccountKubeconfig } from './service-account.ts';
import type { ClusterProvider, ClusterStatus } from './types.ts';

async function main(argv: readonly string[]): Promise<number> {
  const { name, provider: providerName, command }: Arguments = parseArguments(argv);
  if (command.verb === 'help') {
    console.log(usage);
    return 0;
  }
  const provider = await openProvider(providerName);
  return 'part' in command ? performOnPart(provider, name, command) : perform(provider, name, command);
}

type PartCommand = Extract<Command, { part: string }>;
type ClusterCommand = Exclude<Command, PartCommand | { verb: 'help' }>;

async function perform(provider: ClusterProvider, name: string, command: ClusterCommand): Promise<number> {
  const kubectl: Kubectl = (args) => runInside(provider, name, ['kubectl', ...args]);
  switch (command.verb) {
    case 'up':
      return up(provider, name, command);
    case 'install-gateway-api':
      await installGatewayApi(kubectl);
      return 0;
    case 'remove-gateway-api':
      await removeGatewayApi(kubectl);
      return 0;
    case 'down':
      await provider.down(name);
      return 0;
    case 'status':
      return printStatus(await provider.status(name));
    case 'exec':
      return exitCodeOf(provider.exec(name, command.command));
    case 'load-image':
      await provider.loadImage(name, command.tarPath);
      return 0;
    case 'kubeconfig':
      console.log(await provider.kubeconfig(name, command.user));
      return 0;
    case 'service-account-kubeconfig':
      console.log(await serviceAccountKubeconfig(provider, name, command));
      return 0;
  }
}

async function performOnPart(provider: ClusterProvider, name: string, command: PartCommand): Promise<number> {
  if (provider.name !== 'node') {
    throw new Error(`${command.verb}: only a cluster of the provider "node" has parts that can be handled`);
  }
  switch (command.verb) {
    case 'start-part':
      await startPart(name, command.part);
      break;
    case 'stop-part':
      await stopPart(name, command.part, command.signal);
      break;
    case 'restart-part':
      await stopPart(name, command.part, command.signal);
      await startPart(name, command.part);
      break;
    case 'signal-part':
      signalPart(name, command.part, command.signal);
      break;
    case 'logs':
      console.log(partLog(name, command.part));
      break;
  }
  return 0;
}

async function up(
  provider: ClusterProvider,
  name: string,
  { profile }: Extract<Command, { verb: 'up' }>,
): Promise<number> {
  const started = performance.now();
  await provider.up({ name, profile });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.error(`cluster "${name}" (${provider.name}, ${profile}) is ready after ${seconds} s`);
  return 0;
}

function printStatus(status: ClusterStatus): number {
  const profile = status.profile === undefined ? '' : `, ${status.profile}`;
  console.log(`${status.name} (${status.provider}${profile}): ${status.state}`);
  for (const part of status.parts) {
    const where = `pid ${part.pid ?? '-'}`.padEnd(12) + `port ${part.port ?? '-'}`.padEnd(12);
    console.log(
      `  ${part.name.padEnd(20)}${where}${part.healthy ? 'healthy' : `not healthy: ${part.problem}`}`,
    );
  }
  if (status.auditLogPath !== undefined) {
    console.log(`  audit log: ${status.auditLogPath}`);
  }
  return status.state === 'running' ? 0 : 1;
}

/** Waits for a child as if it were this process: signals go to it, its end is ours. */
function exitCodeOf(child: ChildProcess): Promise<number> {
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    process.on(name, () => {
      // From a terminal the whole foreground group has had the SIGINT already.
      if (name !== 'SIGINT' || !process.stdin.isTTY) {
        child.kill(name);
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
