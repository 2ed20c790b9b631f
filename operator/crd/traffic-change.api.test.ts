// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { answerToChange, type SpecChange } from './change-spec.ts';
import { usePlace } from './use-place.ts';

const place = usePlace();

const SPECS = { Canary: { weights: [50], interval: '5s' }, BlueGreen: {} } as const;

const ingress = { ingress: { name: 'shop' } };
const gateway = { gateway: { routes: [{ kind: 'HTTPRoute', name: 'shop' }] } };
const ownRoute = { gateway: { template: { parentRefs: [{ name: 'web' }] } } };
const KEPT =
  'what splits the traffic cannot change in the middle of a release, for its share would stay in the old route; abort the release first, or wait until it is over';

/** What the API server says to another `traffic` while the status is at that stage. */
function changeAt(
  kind: SpecChange['kind'],
  stage: string | undefined,
  from: object,
  to: object,
): Promise<string> {
  const status = stage === undefined ? undefined : { stage };
  return answerToChange(place, { kind, from: { ...SPECS[kind], ...from }, status, to });
}

describe('what splits the traffic', () => {
  const refused = expect.stringMatching(new RegExp(`^spec\\.traffic: Invalid value: .*${KEPT}$`));

  it.each<[string, object, object]>([
    ['another Ingress', { traffic: ingress }, { traffic: { ingress: { name: 'other' } } }],
    ['another way to split', { traffic: ingress }, { traffic: { ingress: null, ...gateway } }],
    ['no way to split', { traffic: ingress }, { traffic: null }],
    ['a way to split where there was none', {}, { traffic: ingress }],
    [
      'one route more',
      { traffic: gateway },
      { traffic: { gateway: { routes: [{ name: 'shop' }, { name: 'shop-2' }] } } },
    ],
    [
      'a route of the user',
      { traffic: ownRoute },
      { traffic: { gateway: { template: null, ...gateway.gateway } } },
    ],
  ])('does not become %s in the middle of a release', async (_what, from, to) => {
    expect(await changeAt('Canary', 'Stepping', from, to)).toEqual(refused);
    expect(await changeAt('BlueGreen', 'Promoting', from, to)).toEqual(refused);
  });

  it.each(['Stepping', 'Promoting', 'Baking', 'Returning', 'RollingBack'])(
    'stays at stage %s',
    async (stage) => {
      expect(await changeAt('Canary', stage, { traffic: ingress }, { traffic: null })).toEqual(refused);
    },
  );

  it.each([undefined, 'Adopting', 'Judging', 'Refused', 'Idle', 'Waiting', 'RolledBack', 'OfALaterVersion'])(
    'may change at stage %s',
    async (stage) => {
      const to = { traffic: { ingress: null, ...gateway } };
      expect(await changeAt('Canary', stage, { traffic: ingress }, to)).toBe('taken');
    },
  );

  it.each<[string, object, object]>([
    ['the settle time', { traffic: ingress }, { traffic: { settle: '30s' } }],
    [
      'the template of its own route',
      { traffic: ownRoute },
      { traffic: { gateway: { template: { hostnames: ['shop.test'] } } } },
    ],
    ['the steps', { traffic: ingress }, { weights: [20, 60] }],
  ])('leaves %s to be changed in the middle of a release', async (_what, from, to) => {
    expect(await changeAt('Canary', 'Stepping', from, to)).toBe('taken');
  });
});
