// SPDX-License-Identifier: Apache-2.0
import type { StepAnalysis } from '../../operator/api/analysis-source.ts';
import type { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import type { BlueGreenSpec } from '../../operator/api/blue-green.ts';
import type { CanarySpec } from '../../operator/api/canary.ts';
import type { MetricsProviderSpec } from '../../operator/api/metrics-provider.ts';
import type { Manifest } from './manifests.ts';
import type { Path } from './offsets.ts';

/** A manifest of Headway whose spec is good, with its defaults filled in. */
export type Known = { readonly manifest: Manifest } & (
  | { readonly kind: 'Canary'; readonly spec: CanarySpec }
  | { readonly kind: 'BlueGreen'; readonly spec: BlueGreenSpec }
  | { readonly kind: 'AnalysisTemplate'; readonly spec: AnalysisTemplateSpec }
  | { readonly kind: 'MetricsProvider'; readonly spec: MetricsProviderSpec }
);

export type KnownOf<K extends Known['kind']> = Extract<Known, { kind: K }>;
export type KnownRelease = KnownOf<'Canary' | 'BlueGreen'>;

export function isRelease(known: Known): known is KnownRelease {
  return known.kind === 'Canary' || known.kind === 'BlueGreen';
}

/** A place in a release where something is judged. */
export interface Judged {
  readonly source: Pick<StepAnalysis, 'templateRef' | 'checks' | 'args'>;
  readonly path: Path;
  /** `preview`: no client reaches what is judged. `after`: it has all traffic. */
  readonly when: 'underway' | 'preview' | 'after';
}

/** Everything that judges a release. */
export function judgedIn(release: KnownRelease): Judged[] {
  if (release.kind === 'Canary') {
    const { steps = [], analysis } = release.spec;
    const ofSteps = steps.flatMap(({ analysis: source }, index): Judged[] =>
      source ? [{ source, path: ['spec', 'steps', index, 'analysis'], when: 'underway' }] : [],
    );
    return analysis
      ? [...ofSteps, { source: analysis, path: ['spec', 'analysis'], when: 'underway' }]
      : ofSteps;
  }
  const { prePromotion, postPromotion } = release.spec;
  return [
    ...(prePromotion
      ? [{ source: prePromotion, path: ['spec', 'prePromotion'], when: 'preview' as const }]
      : []),
    ...(postPromotion
      ? [{ source: postPromotion, path: ['spec', 'postPromotion'], when: 'after' as const }]
      : []),
  ];
}

/** Whether two objects can be in one namespace; one that says none is wherever kubectl is. */
export function isSameNamespace(one: Manifest, other: Manifest): boolean {
  return one.namespace === other.namespace || one.namespace === '' || other.namespace === '';
}

/** The AnalysisTemplate of this name that an object would find. */
export function templateFor(
  manifest: Manifest,
  name: string,
  known: readonly Known[],
): KnownOf<'AnalysisTemplate'> | undefined {
  return known
    .filter((one) => one.kind === 'AnalysisTemplate')
    .find((one) => one.manifest.name === name && isSameNamespace(manifest, one.manifest));
}
