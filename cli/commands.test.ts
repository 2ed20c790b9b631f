// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandsOf } from './commands.ts';
import { OUTCOME_EXITS } from './status/outcome.ts';
import { createTestWorld } from './test-io.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/kubectl.md'), 'utf8');
const commands = commandsOf(createTestWorld()).filter(({ name }) => !name.startsWith('__'));

describe('docs/kubectl.md', () => {
  it.each(commands.map(({ name }) => name))('has an example of %s', (name) => {
    expect(PAGE).toMatch(new RegExp(`kubectl headway ${name}\\b`));
  });

  it.each(
    commands.flatMap(({ details }) => details.flatMap((line) => /^.{0,4}(--[a-z-]+)/.exec(line)?.[1] ?? [])),
  )('names the flag %s, or its short form', (flag) => {
    const shorts: Readonly<Record<string, string>> = {
      '--namespace': '-n shop',
      '--output': '-o yaml',
      '--all-namespaces': '-A',
      '--filename': '-f deploy/',
      '--recursive': '-R',
    };
    expect(PAGE).toContain(shorts[flag] ?? flag);
  });

  it('has a row for each exit code of status', () => {
    for (const code of Object.values(OUTCOME_EXITS))
      expect(PAGE).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});
