// SPDX-License-Identifier: Apache-2.0
// The bill of materials of the image, as CycloneDX: what is in it and nothing else, the same bytes for the same image.
import { createHash } from 'node:crypto';
import {
  ComponentType,
  ExternalReferenceType,
  HashAlgorithm,
  LifecyclePhase,
} from '@cyclonedx/cyclonedx-library/Enums';
import {
  Bom,
  Component,
  ExternalReference,
  ExternalReferenceRepository,
  HashDictionary,
  LicenseExpression,
  LicenseRepository,
  LifecycleRepository,
  Metadata,
  NamedLicense,
  OrganizationalEntity,
  SpdxLicense,
} from '@cyclonedx/cyclonedx-library/Models';
import { JSON as CycloneDxJson, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { imagePaths } from '../bundle/launch.ts';
import type { Bundle } from '../bundle/make-bundle.ts';
import { type BundledPackage, labelOf } from '../bundle/packages.ts';
import type { DebianPackage } from './debian-packages.ts';

export interface Materials {
  readonly bundle: Bundle;
  /** RFC 3339; not when the list is made but when what it lists was committed, so that it stays the same. */
  readonly created: string;
  readonly node: NodeBinary;
  readonly debian: readonly DebianPackage[];
  /** As in os-release: `debian-12`. */
  readonly distribution: string;
  /** The image under it, where it is not made of these packages alone. */
  readonly baseImage?: string;
}

export interface NodeBinary {
  readonly version: string;
  /** The package of npm that it is taken from. */
  readonly packageName: string;
  /** Of that package, as in the lockfile: `sha512-` and base64. */
  readonly integrity: string;
  /** Of the binary, in hex. */
  readonly sha256: string;
}

/** The bill of materials as JSON of CycloneDX 1.6. */
export function renderSbom(materials: Materials): string {
  const { bundle, node, debian, baseImage } = materials;
  const image = imageComponent(bundle);
  const packages = new Map(bundle.packages.map((bundled) => [labelOf(bundled), npmComponent(bundled)]));
  for (const bundled of bundle.packages) {
    const component = packages.get(labelOf(bundled));
    for (const used of bundled.uses) addUse(component, packages.get(used));
  }
  for (const used of bundle.ownUses) addUse(image, packages.get(used));
  const beside = [
    nodeComponent(node),
    ...debian.map((one) => debianComponent(one, materials.distribution)),
    ...(baseImage === undefined ? [] : [baseComponent(baseImage)]),
  ];
  for (const component of beside) addUse(image, component);
  const bom = new Bom({ metadata: metadataOf(image, materials) });
  for (const component of [...packages.values(), ...beside]) bom.components.add(component);
  return serialize(bom);
}

function imageComponent({ version, repository }: Bundle): Component {
  return new Component(ComponentType.Container, 'headway', {
    version,
    bomRef: `headway@${version}`,
    licenses: expression('Apache-2.0'),
    externalReferences: new ExternalReferenceRepository([
      new ExternalReference(repository, ExternalReferenceType.VCS),
    ]),
  });
}

function metadataOf(component: Component, { bundle, created }: Materials): Metadata {
  return new Metadata({
    component,
    timestamp: new Date(created),
    lifecycles: new LifecycleRepository([LifecyclePhase.Build]),
    supplier: new OrganizationalEntity({ name: 'Headway', url: new Set([bundle.repository]) }),
  });
}

function addUse(from: Component | undefined, to: Component | undefined): void {
  if (from !== undefined && to !== undefined) from.dependencies.add(to.bomRef);
}

function npmComponent({ name, version, license, integrity }: BundledPackage): Component {
  const purl = npmPurl(name, version);
  return new Component(ComponentType.Library, name, {
    version,
    purl,
    bomRef: purl,
    licenses: expression(license),
    externalReferences: tarball(name, version, integrity),
  });
}

/** With the name by which vulnerability databases know Node, for it is no package of a distribution here. */
function nodeComponent({ version, packageName, integrity, sha256 }: NodeBinary): Component {
  return new Component(ComponentType.Platform, 'node', {
    version,
    purl: `pkg:generic/node@${version}`,
    bomRef: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    description: `${imagePaths.node}, as in the package ${packageName} of npm`,
    hashes: new HashDictionary([[HashAlgorithm['SHA-256'], sha256]]),
    licenses: new LicenseRepository([
      new SpdxLicense('MIT'),
      new NamedLicense(`licences of its parts: ${imagePaths.nodeDocs}/LICENSE`),
    ]),
    externalReferences: tarball(packageName, version, integrity),
  });
}

function debianComponent(deb: DebianPackage, distribution: string): Component {
  const { name, version, architecture, license, sha256 } = deb;
  const [vendor] = distribution.split('-');
  const purl = `pkg:deb/${vendor}/${encode(name)}@${encode(version)}?arch=${architecture}&distro=${distribution}`;
  return new Component(ComponentType.Library, name, {
    version,
    purl,
    bomRef: purl,
    description: `copyright: /usr/share/doc/${name}/copyright`,
    hashes: new HashDictionary([[HashAlgorithm['SHA-256'], sha256]]),
    licenses: expression(license),
  });
}

/** The packages of a base image from a registry are listed in the image itself, in /var/lib/dpkg/status.d. */
function baseComponent(reference: string): Component {
  const { name, version } = splitReference(reference);
  return new Component(ComponentType.Container, name, {
    version,
    bomRef: `base:${reference}`,
    description: 'base image; its packages are listed in /var/lib/dpkg/status.d',
  });
}

/** A reference of an image as its name and, without the colon or at sign, its tag and digest. */
export function splitReference(reference: string): { name: string; version: string } {
  const [, name = reference, tag = '', digest = ''] =
    /^(.+?)(?::([^:/@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference) ?? [];
  return { name, version: [tag, digest].filter((part) => part !== '').join('@') || 'latest' };
}

/** A package URL of npm; the at sign of a scope is escaped, its slash is not. */
export function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${encode(version)}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

/** Where npm has the package, with the hash that the lockfile pins. */
function tarball(name: string, version: string, integrity: string): ExternalReferenceRepository {
  const url = `https://registry.npmjs.org/${name}/-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz`;
  const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? [];
  if (base64 === undefined) throw new Error(`package-lock.json has no SHA-512 of ${name}@${version}`);
  const hashes = new HashDictionary([
    [HashAlgorithm['SHA-512'], Buffer.from(base64, 'base64').toString('hex')],
  ]);
  return new ExternalReferenceRepository([
    new ExternalReference(url, ExternalReferenceType.Distribution, { hashes }),
  ]);
}

function expression(license: string): LicenseRepository {
  return new LicenseRepository([new LicenseExpression(license)]);
}

/** The serial number follows from the rest, so that the same materials give the same bytes. */
function serialize(bom: Bom): string {
  const serializer = new JsonSerializer(new CycloneDxJson.Normalize.Factory(Spec1dot6));
  const options = { sortLists: true, space: 2 };
  bom.serialNumber = uuidOf(serializer.serialize(bom, options));
  return `${serializer.serialize(bom, options)}\n`;
}

/** A UUID of version 8 (RFC 9562) that is made of a text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
