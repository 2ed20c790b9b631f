// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../command.ts';
import { lintCommand } from '../lint/command.ts';
import { simulateCommand } from '../simulate/command.ts';
import { testIo } from '../manifests/test-io.ts';
import { convertCommand } from './command.ts';

const NGINX = readFileSync(join(import.meta.dirname, 'samples/argo-nginx.yaml'), 'utf8');

async function run(text: string, ...flags: string[]) {
  const io = testIo(text);
  const code = await convertCommand.run(['-f', '-', ...flags], io);
  return { code, said: io.said(), complained: io.complained() };
}

describe('kubectl headway convert', () => {
  it('prints manifests, and what became of each field beside them', async () => {
    const { code, said, complained } = await run(NGINX);
    expect(code).toBe(0);
    expect(said).toMatch(/^apiVersion: headway\.dev\/v1alpha1\nkind: MetricsProvider\n/);
    expect(said).toContain('# LOOK: ');
    expect(complained).toMatch(
      /^Rollout shop\/checkout of argoproj\.io\/v1alpha1 \(stdin:\d+\)\n {2}\w+ +apiVersion/m,
    );
    expect(complained).toMatch(
      /\nnot read: 1 Service\n7 manifests made; \d+ places marked LOOK are for a person\n$/,
    );
  });

  it('prints what lint finds clean and simulate can play', async () => {
    const { said } = await run(NGINX);
    const linting = testIo(said);
    expect(await lintCommand.run(['-f', '-'], linting)).toBe(0);
    const playing = testIo(said);
    expect(await simulateCommand.run(['-f', '-'], playing)).toBe(0);
    expect(playing.said()).toMatch(/^Canary shop\/checkout: promoted after /);
  });

  it.each<[string, string, number, RegExp]>([
    [
      'nothing to convert',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n',
      1,
      /^not read: 1 Service\n0 manifests made; 0 places marked LOOK are for a person\n$/,
    ],
    ['nothing', '', 1, /^0 manifests made; /],
    ['text that is no YAML', '{', 2, /^stdin:1:2: is not YAML: Flow map must end with a }/],
    [
      'a workload that it cannot take',
      'apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: a}\nspec: {targetRef: {kind: DaemonSet, name: a}}\n',
      1,
      /^Canary a of flagger\.app\/v1beta1 \(stdin:1\)\n {2}not converted: it releases a DaemonSet/,
    ],
    [
      'what nothing here takes',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: Web_1}\nspec: {strategy: {canary: {stableService: web, steps: [{setWeight: 5}]}}}\n',
      1,
      /\nthe result is not good yet:\nthe result:\d+:\d+: metadata\.name: "Web_1": must be lower-case/,
    ],
  ])('answers for %s', async (_, text, code, complained) => {
    const result = await run(text);
    expect(result.code).toBe(code);
    expect(result.complained).toMatch(complained);
  });

  it.each<[string[], RegExp]>([
    [['-o', 'json'], /^-o json: must be yaml$/],
    [['--all'], /^unknown flag --all; there are /],
  ])('cannot read %j', async (flags, message) => {
    const error: unknown = await run(NGINX, ...flags).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
  });

  it('says what its flags and exit codes are', () => {
    const details = convertCommand.details.join('\n');
    for (const word of ['-f', '-R', '-o', 'Exit codes: 0 converted, 1 ', '2 these'])
      expect(details).toContain(word);
  });
});
