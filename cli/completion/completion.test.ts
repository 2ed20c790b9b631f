// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forbidden, startTestApi, type TestApi } from '../test-api.ts';
import { runLine } from '../test-io.ts';
import { BAKING } from '../view/test-blue-greens.ts';
import { HEALTHY } from '../view/test-rollouts.ts';
import { completionScript, SHELLS } from './scripts.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

async function candidates(...words: readonly string[]): Promise<string[]> {
  const { code, out } = await runLine(['__complete', ...words]);
  expect(code).toBe(0);
  return out.trimEnd().split('\n');
}

describe('candidates', () => {
  it('of commands, with what they do, and none for shells', async () => {
    expect(await candidates('pr')).toEqual([
      'promote\tend a pause, or a bake; --full skips the steps and checks left',
      ':4',
    ]);
    expect(await candidates('__')).toEqual([':4']);
  });

  it('of flags are those of the command', async () => {
    expect(await candidates('promote', '--f')).toEqual([
      '--full\tskip the steps and checks that are left',
      ':4',
    ]);
    expect(await candidates('abort', '--f')).toEqual([':4']);
    expect(await candidates('get', '--all')).toEqual(['--all-namespaces\tof all namespaces', ':4']);
  });

  it.each([
    [
      ['get', '-o', 'w'],
      ['wide', ':4'],
    ],
    [
      ['lint', '-o', ''],
      ['text', 'json', ':4'],
    ],
    [
      ['simulate', '--output', 'j'],
      ['json', ':4'],
    ],
    [
      ['convert', '-o', ''],
      ['yaml', ':4'],
    ],
    [['status', '--timeout', ''], [':4']],
    [['simulate', '--samples', ''], [':0']],
    [['lint', '-f', ''], [':0']],
    [['get', '--kubeconfig', ''], [':0']],
    [
      ['simulate', '--pod'],
      ['--pod-start\thow long a new pod takes until it is ready; default: 0s', ':4'],
    ],
    [
      ['completion', 'f'],
      ['fish', ':4'],
    ],
    [['nonsense', ''], [':4']],
    [['version', ''], [':4']],
  ])('for %j', async (words, expected) => expect(await candidates(...words)).toEqual(expected));

  it('of objects are asked for in the namespace that is typed', async () => {
    api.put(HEALTHY);
    api.put({ ...BAKING, metadata: { ...BAKING.metadata, name: 'web' } });
    const line = ['promote', '-n', 'shop', '--kubeconfig', api.kubeconfig];
    expect(await candidates(...line, '')).toEqual(['canary/checkout', 'bluegreen/web', ':4']);
    expect(await candidates(...line, 'bl')).toEqual(['bluegreen/web', ':4']);
    expect(api.calls[0]?.namespace).toBe('shop');
  });

  it('of namespaces', async () => {
    api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(await candidates('get', `--kubeconfig=${api.kubeconfig}`, '-n', '')).toEqual(['shop', ':4']);
  });

  it('that cannot be had are none, and standard error says why', async () => {
    api.refuse(() => forbidden('list', 'canaries'));
    const { code, out, err } = await runLine(['__complete', 'get', '--kubeconfig', api.kubeconfig, '']);
    expect({ code, out }).toEqual({ code: 0, out: ':4\n' });
    expect(err).toMatch(/canaries is forbidden/);
  });
});

describe('completion', () => {
  it.each(SHELLS)('%s writes a script that asks the plugin', async (shell) => {
    const { code, out } = await runLine(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toContain('kubectl-headway __complete');
    expect(out).toContain('kubectl_complete-headway');
  });

  it.each([[[]], [['tcsh']], [['bash', 'zsh']]])('%j is told which shells there are', async (words) => {
    const { code, err } = await runLine(['completion', ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: say for which shell: bash, zsh, fish$/m);
  });

  it('works in a bash', () => {
    const folder = mkdtempSync(join(tmpdir(), 'headway-completion-'));
    const plugin = join(folder, 'kubectl-headway');
    writeFileSync(plugin, '#!/bin/sh\nshift\nprintf "%s\\tasked\\n" "canary/$*" bluegreen/web\necho :4\n');
    chmodSync(plugin, 0o755);
    const script = [
      completionScript('bash'),
      'COMP_WORDS=(kubectl-headway promote -n shop can); COMP_CWORD=4',
      '__kubectl_headway; printf "<%s>\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env['PATH']}` },
    });
    rmSync(folder, { recursive: true });
    expect({ stdout, stderr }).toEqual({
      stdout: '<canary/promote -n shop can>\n<bluegreen/web>\n',
      stderr: '',
    });
  });
});
