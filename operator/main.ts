// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { type Config, loadConfig } from './config.ts';
import { startOperator } from './operator.ts';
import { version } from './version.ts';

const MIN_NODE_MAJOR = 26;

/** Exit codes: 0 stopped on request, 1 failed or lost the Lease, 2 wrong command line. */
async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR) {
    return end(1, `headway needs Node ${MIN_NODE_MAJOR} or later; this is ${process.versions.node}`);
  }
  const loaded = loadConfig({
    argv: process.argv.slice(2),
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  switch (loaded.kind) {
    case 'help':
      return end(0, loaded.text);
    case 'version':
      return end(0, `headway ${version}`);
    case 'invalid':
      return end(2, loaded.errors.join('\n'));
    case 'run':
      return run(loaded.config);
  }
}

async function run(config: Config): Promise<void> {
  // Waits do not keep a process up. Without servers, and with an API server that refuses connections, nothing else would.
  setInterval(() => undefined, 60_000);
  const operator = await startOperator(config, { onLost: () => process.exit(1) });
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void operator.stop(signal).then(() => process.exit(0));
    });
  }
}

function end(code: number, text: string): void {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = code;
}

main().catch((error: unknown) => {
  process.stderr.write(`headway cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
