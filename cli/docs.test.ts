// SPDX-License-Identifier: Apache-2.0
// docs/kubectl-offline.md shows what the commands really print. GOLDEN=write writes it anew.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from './command.ts';
import { convertCommand } from './convert/command.ts';
import { lintCommand } from './lint/command.ts';
import { simulateCommand } from './simulate/command.ts';
import { testIo } from './manifests/test-io.ts';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'docs/kubectl-offline.md');
const example = (name: string) => join(root, 'examples', name);

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-docs-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** What stands in the fence after a comment. */
function fenceAfter(mark: string): string {
  const found = new RegExp(`<!-- ${mark} -->\n\`\`\`text\n([^]*?)\`\`\``).exec(readFileSync(page, 'utf8'));
  if (!found) throw new Error(`docs/kubectl-offline.md has no fence after <!-- ${mark} -->`);
  return found[1] ?? '';
}

function expectShown(mark: string, text: string): void {
  if (process.env['GOLDEN'] === 'write') {
    const fence = `<!-- ${mark} -->\n\`\`\`text\n`;
    const whole = readFileSync(page, 'utf8');
    const begin = whole.indexOf(fence) + fence.length;
    writeFileSync(page, whole.slice(0, begin) + text + whole.slice(whole.indexOf('```', begin)));
  }
  expect(fenceAfter(mark)).toBe(text);
}

async function said(
  command: Command,
  args: readonly string[],
): Promise<{ out: string; err: string; code: number }> {
  const io = testIo();
  const code = await command.run(args, io);
  return { out: io.said(), err: io.complained(), code };
}

/** Requests of both versions, every 15 s; of the new one 6 % fail from the fifth minute on. */
function recording(): string {
  const rows = ['time,check,arm,requests,errors'];
  for (let seconds = -3600; seconds <= 900; seconds += 15) {
    rows.push(`${seconds},success-rate,stable,2400,${seconds % 60 === 0 ? 14 : 11}`);
    if (seconds > 0) rows.push(`${seconds},success-rate,canary,300,${seconds > 300 ? 18 : 1}`);
  }
  return `${rows.join('\n')}\n`;
}

describe('docs/kubectl-offline.md', () => {
  it('shows what lint says', async () => {
    const file = join(folder, 'broken.yaml');
    await writeFile(file, fenceAfter('broken.yaml'));
    const { out, code } = await said(lintCommand, ['-f', file]);
    expect(code).toBe(1);
    expectShown('lint', out.replaceAll(`${folder}/`, ''));
  });

  it('shows the steps of an example', async () => {
    const files = ['canary-ingress.yaml', 'analysis-template.yaml'].flatMap((name) => ['-f', example(name)]);
    const { out, code } = await said(simulateCommand, files);
    expect(code).toBe(0);
    expectShown('simulate', out);
  });

  it('shows what a recording would have decided', async () => {
    const file = join(folder, 'friday.csv');
    await writeFile(file, recording());
    const files = ['canary-ingress.yaml', 'analysis-template.yaml'].flatMap((name) => ['-f', example(name)]);
    const { out, code } = await said(simulateCommand, [...files, '--samples', file]);
    expect(code).toBe(1);
    expectShown('samples', out);
  });

  it('shows the beginning of a report', async () => {
    const { err } = await said(convertCommand, ['-f', join(root, 'cli/convert/samples/argo-nginx.yaml')]);
    const lines = err.replaceAll(`${root}/cli/convert/samples/`, '').split('\n');
    const shown = lines
      .filter((line) => /^Rollout|steps|trafficRouting|Service|maxSurge|dynamic/.test(line))
      .slice(0, 16);
    expectShown('convert', `${shown.join('\n')}\n...\n`);
  });
});
