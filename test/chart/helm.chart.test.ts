// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ClusterProvider } from '../cluster/types.ts';
import {
  chartDir,
  HelmError,
  type HelmRunner,
  helmApply,
  helmInstall,
  helmPackage,
  helmRollback,
  helmTemplate,
  helmUninstall,
  helmUpgrade,
  inside,
} from './helm.ts';

interface Recorded {
  readonly runner: HelmRunner;
  readonly commands: string[][];
  /** Values of each command that had some. */
  readonly values: unknown[];
}

/** Writes down what helm is asked, and answers for it. */
function recorder(answer: { code: number; output?: string; errors?: string } = { code: 0 }): Recorded {
  const commands: string[][] = [];
  const values: unknown[] = [];
  const runner: HelmRunner = async ([program = '', ...args]) => {
    expect(basename(program)).toBe('helm');
    const file = fileIn(args);
    if (file !== undefined) values.push(JSON.parse(readFileSync(file, 'utf8')));
    commands.push(args.map((arg) => (arg.startsWith('--values=') ? '--values' : arg)));
    return { output: '', errors: '', ...answer };
  };
  return { runner, commands, values };
}

function fileIn(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith('--values='))?.slice('--values='.length);
}

describe('what helm is asked', () => {
  it('is an installation, with the values in a file', async () => {
    const { runner, commands, values } = recorder();
    await helmInstall(runner, { values: { replicas: 1 }, waitSeconds: 60 });
    expect(commands).toEqual([
      [
        'install',
        'headway',
        chartDir,
        '--namespace=headway-system',
        '--values',
        '--create-namespace',
        '--wait',
        '--timeout=60s',
      ],
    ]);
    expect(values).toEqual([{ replicas: 1 }]);
  });

  it('is an upgrade that forgets the values of before', async () => {
    const { runner, commands, values } = recorder();
    await helmUpgrade(runner, { name: 'b', namespace: 'team-b', chart: '/old' });
    expect(commands).toEqual([['upgrade', 'b', '/old', '--namespace=team-b', '--values', '--reset-values']]);
    expect(values).toEqual([{}]);
  });

  it('is an upgrade that installs what is not there yet', async () => {
    const { runner, commands, values } = recorder();
    await helmApply(runner, { values: { replicas: 0 }, waitSeconds: 9 });
    expect(commands).toEqual([
      [
        'upgrade',
        '--install',
        'headway',
        chartDir,
        '--namespace=headway-system',
        '--values',
        '--reset-values',
        '--create-namespace',
        '--wait',
        '--timeout=9s',
      ],
    ]);
    expect(values).toEqual([{ replicas: 0 }]);
  });

  it('is the way back, and the end', async () => {
    const { runner, commands } = recorder();
    await helmRollback(runner, 1, { waitSeconds: 5 });
    await helmUninstall(runner);
    expect(commands).toEqual([
      ['rollback', 'headway', '1', '--namespace=headway-system', '--wait', '--timeout=5s'],
      ['uninstall', 'headway', '--namespace=headway-system'],
    ]);
  });

  it('leaves no file behind, also when it fails', async () => {
    let file = '';
    const runner: HelmRunner = async (args) => {
      file = fileIn(args) ?? '';
      return { code: 1, output: '', errors: 'Error: no\n' };
    };
    await expect(helmInstall(runner)).rejects.toThrow(HelmError);
    expect(file).not.toBe('');
    expect(existsSync(file)).toBe(false);
  });
});

describe('helmPackage', () => {
  it('packs the chart under another version, by which its objects are labelled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headway-package-'));
    try {
      const chart = await helmPackage(folder, '9.8.7');
      expect(chart).toBe(join(folder, 'headway-9.8.7.tgz'));
      const deployment = await helmTemplate({ chart, only: ['templates/deployment.yaml'] });
      expect(deployment).toContain('helm.sh/chart: headway-9.8.7');
      expect(deployment).toContain('app.kubernetes.io/version: 9.8.7');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('inside', () => {
  it('runs helm where a test cluster runs its commands', async () => {
    const asked: unknown[] = [];
    const exec: ClusterProvider['exec'] = (name, command, options = {}) => {
      asked.push([name, command.slice(1, 3)]);
      return spawn(process.execPath, ['--eval', 'console.log("done")'], {
        stdio: options.stdio ?? 'inherit',
      });
    };
    expect(await helmUninstall(inside({ exec } as ClusterProvider, 'e2e'))).toBe('done\n');
    expect(asked).toEqual([['e2e', ['uninstall', 'headway']]]);
  });
});

describe('what helm says', () => {
  it('is handed on', async () => {
    const { runner } = recorder({ code: 0, output: 'release "headway" uninstalled\n' });
    expect(await helmUninstall(runner)).toBe('release "headway" uninstalled\n');
  });

  it('is the error when it fails', async () => {
    const { runner } = recorder({ code: 1, errors: 'Error: uninstall: Release not loaded: headway\n' });
    const failed = await helmUninstall(runner).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(HelmError);
    expect(failed).toMatchObject({
      message: 'helm uninstall: uninstall: Release not loaded: headway',
      words: 'uninstall: Release not loaded: headway',
    });
  });

  it('is its own: a chart that is not there', async () => {
    await expect(helmTemplate({ chart: '/nowhere' })).rejects.toThrow(/^helm template: .*\/nowhere/);
  });
});
