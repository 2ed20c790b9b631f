// SPDX-License-Identifier: Apache-2.0
// Test support: small manifests, and what is said of them.
import { readAllManifests } from '../manifests/manifests.ts';
import { lint } from './lint.ts';
import type { Problem } from './problem.ts';

export function problemsOf(...texts: string[]): Problem[] {
  const sources = texts.map((text, index) => ({ name: `${'abc'[index]}.yaml`, text }));
  return [...lint(readAllManifests(sources)).problems];
}

/** `4:3 field: message`, with the severity before it where it is no error, and the file where it is not a.yaml. */
export function linesOf(...texts: string[]): string[] {
  return problemsOf(...texts).map(({ at, severity, field, message }) => {
    const file = at.file === 'a.yaml' ? '' : `${at.file}:`;
    const said = field === undefined ? message : `${field}: ${message}`;
    return `${file}${at.line}:${at.column} ${severity === 'error' ? '' : `${severity}: `}${said}`;
  });
}

export const HEAD =
  'apiVersion: headway.dev/v1alpha1\nkind: Canary\nmetadata: {name: web, namespace: shop}\n';
export const SPEC = 'spec:\n  targetRef: {kind: Deployment, name: web}\n  service: {name: web}\n';
export const STEPS = '  steps: [{setWeight: 20}]\n';

export function canary(more = '', steps = STEPS): string {
  return HEAD + SPEC + steps + more;
}

export function blueGreen(more = ''): string {
  return canary(more, '').replace('kind: Canary', 'kind: BlueGreen');
}

export function template(checks: string, more = ''): string {
  return `apiVersion: headway.dev/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: errors, namespace: shop}\nspec:\n${more}  checks:\n    - ${checks}\n`;
}

export const PROVIDER =
  'apiVersion: headway.dev/v1alpha1\nkind: MetricsProvider\nmetadata: {name: prom}\nspec: {type: Prometheus, address: http://prom:9090}\n';
export const CHECK = '{name: errors, provider: prom, query: "errors", max: 1}';
