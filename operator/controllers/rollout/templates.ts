// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Labels } from '../../api/group.ts';

/** A pod template, as far as Headway touches it; the rest passes through unseen. */
export const PodTemplate = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).nullish(),
      creationTimestamp: z.string().nullish(),
    })
    .nullish(),
  spec: z
    .looseObject({ containers: z.array(z.looseObject({ image: z.string().optional() })).default([]) })
    .optional(),
});
export type PodTemplate = z.infer<typeof PodTemplate>;

const OURS: readonly string[] = [Labels.revision, Labels.canary, Labels.serving];

/** The template without the labels that Headway adds to a revision, so that it compares with the target's. */
export function stripTemplate(raw: unknown): PodTemplate {
  const template = PodTemplate.parse(raw);
  const { labels, creationTimestamp: _creationTimestamp, ...metadata } = template.metadata ?? {};
  const kept = Object.entries(labels ?? {}).filter(([key]) => !OURS.includes(key));
  return { ...template, metadata: { ...metadata, labels: Object.fromEntries(kept) } };
}

/** The template with the labels by which the pods of a revision are found. */
export function labelTemplate(raw: unknown, labels: Readonly<Record<string, string>>): PodTemplate {
  const template = stripTemplate(raw);
  return {
    ...template,
    metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
  };
}

/** The image tags or short digests of a template, for people: `1.4.2`, or `1.4.2, 7.0` for several containers. */
export function versionOf(raw: unknown): string | undefined {
  const images = PodTemplate.parse(raw).spec?.containers.map(({ image }) => image ?? '') ?? [];
  const versions = images.map(tagOf).filter((tag) => tag !== '');
  return versions.length > 0 ? [...new Set(versions)].join(', ').slice(0, 100) : undefined;
}

function tagOf(image: string): string {
  const digest = image.split('@sha256:')[1];
  if (digest !== undefined) return digest.slice(0, 12);
  const last = image.slice(image.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  return colon < 0 ? '' : last.slice(colon + 1);
}
