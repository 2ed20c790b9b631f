// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { linesOf, canary, blueGreen, template, PROVIDER } from './test-manifests.ts';

describe('advice', () => {
  it.each<[string, string, RegExp[]]>([
    [
      'a short scaleDownDelay',
      canary('  scaleDownDelay: 11s\n'),
      [/^8:3 warning: spec\.scaleDownDelay: with 11s .*set 12s or more$/],
    ],
    ['one that is long enough', canary('  scaleDownDelay: 12s\n'), []],
    [
      'a short settle',
      canary('  traffic: {ingress: {name: web}, settle: 2s}\n'),
      [/^8:35 warning: spec\.traffic\.settle: 2s is not longer than the throttle/],
    ],
    ['a longer one', canary('  traffic: {ingress: {name: web}, settle: 3s}\n'), []],
    [
      'one of a load balancer',
      canary('  traffic: {alb: {ingress: web}, settle: 30s}\n'),
      [/^8:34 warning: spec\.traffic\.settle: with 30s new targets/],
    ],
    ['its default', canary('  traffic: {alb: {ingress: web}}\n'), []],
    ['one of a mesh', canary('  traffic: {istio: {virtualServices: [{name: web}]}, settle: 1s}\n'), []],
    [
      'requests of a preview that are counted',
      `${blueGreen('  prePromotion: {checks: [{name: rate, provider: prom, metric: request-success-rate, min: 9}]}\n')}---\n${PROVIDER}`,
      [/^7:3 warning: spec\.prePromotion: rate: no client reaches the preview/],
    ],
    [
      'the same from a template',
      `${blueGreen('  prePromotion: {templateRef: {name: errors}}\n')}---\n${template('{name: rate, provider: prom, metric: request-success-rate, min: 9}')}---\n${PROVIDER}`,
      [/^7:3 warning: spec\.prePromotion: rate: no client reaches the preview/],
    ],
    [
      'requests that are counted after the promotion',
      `${blueGreen('  bake: {duration: 5m}\n  postPromotion: {checks: [{name: rate, provider: prom, metric: request-success-rate, min: 9}]}\n')}---\n${PROVIDER}`,
      [],
    ],
  ])('%s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines.map((line) => expect.stringMatching(line)));
  });
});
