// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashbang } from '../bundle/launch.ts';
import { launchProblems, withDefaults } from './dockerfile.ts';

const dockerfile = readFileSync(join(import.meta.dirname, '../../Dockerfile'), 'utf8');
const entrypoint =
  'ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=1", "--optimize-for-size", "--no-maglev", "/usr/lib/headway/headway.mjs"]';

describe('the Dockerfile', () => {
  it('starts the program as the first line of the bundle does', () => {
    expect(launchProblems(dockerfile)).toEqual([]);
    expect(hashbang()).toBe(
      '#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=1 --optimize-for-size --no-maglev',
    );
  });

  it('runs nothing while it is built, and as nobody afterwards', () => {
    const words = dockerfile.split('\n').flatMap((line) => /^([A-Z]+) /.exec(line)?.[1] ?? []);
    expect(new Set(words)).toEqual(
      new Set(['ARG', 'FROM', 'COPY', 'LABEL', 'ENV', 'ENTRYPOINT', 'USER', 'WORKDIR', 'EXPOSE']),
    );
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
  });

  it.each(['title', 'description', 'version', 'revision', 'created', 'source', 'licenses'])(
    'has the label %s',
    (name) => expect(dockerfile).toContain(`org.opencontainers.image.${name}="`),
  );
});

describe('launchProblems', () => {
  it.each<[string, string, string[]]>([
    [
      'another flag',
      `ENV MALLOC_ARENA_MAX=1\n${entrypoint.replace('--no-maglev', '--maglev')}\n`,
      [
        `the Dockerfile must say: ${entrypoint}`,
        `the Dockerfile must not say: ${entrypoint.replace('--no-maglev', '--maglev')}`,
      ],
    ],
    ['no variable', `${entrypoint}\n`, ['the Dockerfile must say: ENV MALLOC_ARENA_MAX=1']],
    [
      'arguments that a pod would replace',
      `ENV MALLOC_ARENA_MAX=1\n${entrypoint}\nCMD ["--workers=1"]\n`,
      ['the Dockerfile must not say: CMD ["--workers=1"]'],
    ],
  ])('finds %s', (_, text, problems) => {
    expect(launchProblems(text)).toEqual(problems);
  });
});

describe('withDefaults', () => {
  it('fills in what the Dockerfile has as an ARG, and nothing else', () => {
    const text = 'ARG BASE=a\nFROM ${BASE}\nARG VERSION\nLABEL v="${VERSION}"\n';
    expect(withDefaults(text, { BASE: 'scratch', VERSION: '1.2.3' })).toBe(
      'ARG BASE=scratch\nFROM ${BASE}\nARG VERSION=1.2.3\nLABEL v="${VERSION}"\n',
    );
  });

  it('fills in all that the image needs', () => {
    const names = [...dockerfile.matchAll(/^ARG ([A-Z]+)/gm)].map(([, name = '']) => name);
    const filled = withDefaults(dockerfile, Object.fromEntries(names.map((name) => [name, `my-${name}`])));
    for (const name of names) expect(filled).toContain(`ARG ${name}=my-${name}\n`);
    expect(names).toEqual(['BASE', 'VERSION', 'REVISION', 'CREATED', 'SOURCE']);
  });

  it.each([
    [{ NOPE: 'x' }, 'the Dockerfile has no ARG NOPE'],
    [{ BASE: 'a b' }, 'BASE must be one word, not "a b"'],
    [{ BASE: 'a"\nRUN x' }, 'BASE must be one word'],
  ])('refuses %j', (defaults, message) => {
    expect(() => withDefaults('ARG BASE=a\n', defaults as Record<string, string>)).toThrow(message);
  });
});
