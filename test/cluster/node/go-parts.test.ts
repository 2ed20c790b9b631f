// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type GoPart, goParts, partKey, programFolder } from './go-parts.ts';

const sources = join(import.meta.dirname, '../parts');
let modules = '';
beforeEach(() => {
  modules = mkdtempSync(join(tmpdir(), 'headway-parts-'));
  cpSync(sources, modules, { recursive: true });
});
afterEach(() => rmSync(modules, { recursive: true }));

function partNamed(name: string): GoPart {
  const part = goParts.find((one) => one.name === name);
  if (part === undefined) {
    throw new Error(name);
  }
  return part;
}

describe('goParts', () => {
  it.each([
    ['kubernetes', 'k8s.io/kubernetes v1.35.4'],
    ['kubernetes', 'go.etcd.io/etcd/server/v3 v3.6.5'],
    ['traefik', 'github.com/traefik/traefik/v3 v3.7.12'],
    ['prometheus', 'github.com/prometheus/prometheus v0.315.0'],
    ['metrics-server', 'sigs.k8s.io/metrics-server v0.9.0'],
    ['helm', 'helm.sh/helm/v4 v4.3.1'],
  ])('%s pins %s', (name, line) => {
    expect(readFileSync(join(sources, name, 'go.mod'), 'utf8')).toContain(line);
  });

  it('names every package as a tool of its go.mod', () => {
    for (const part of goParts) {
      const module = readFileSync(join(sources, part.name, 'go.mod'), 'utf8');
      for (const package_ of part.packages) {
        expect(module).toMatch(new RegExp(`^(tool )?\\t?${package_}$`, 'm'));
      }
    }
  });
});

describe('programFolder', () => {
  it('refuses what is no part', async () => {
    await expect(programFolder('tiller')).rejects.toThrow('no part "tiller"; there are kubernetes, ');
  });
});

describe('partKey', () => {
  const go = 'go version go1.26.8 linux/amd64';

  it('is of contents, not of places', () => {
    const part = partNamed('prometheus');
    expect(partKey(part, go, modules)).toBe(partKey(part, go, sources));
  });

  it.each(['go.mod', 'go.sum'])('changes with %s', (file) => {
    const part = partNamed('traefik');
    const before = partKey(part, go, modules);
    appendFileSync(join(modules, 'traefik', file), '\n');
    expect(partKey(part, go, modules)).not.toBe(before);
  });

  it('changes with flags, packages and the Go version', () => {
    const part = partNamed('kubernetes');
    const keys = [
      partKey(part, go),
      partKey(part, 'go version go1.26.9 linux/amd64'),
      partKey({ ...part, flags: [] }, go),
      partKey({ ...part, packages: part.packages.slice(1) }, go),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
