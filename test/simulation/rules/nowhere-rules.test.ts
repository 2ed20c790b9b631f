// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Reasons } from '../../../operator/api/reasons.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { CALM_SETUP } from '../story/calm-setup.ts';
import { play } from '../story/play.ts';
import type { Act, Story } from '../story/story.ts';
import type { WorldOptions } from '../world.ts';

type Wrap = NonNullable<WorldOptions['wrapClient']>;

const RIVALS = [30_000, 34_000, 38_000, 42_000].map((atMs): Act => {
  return { atMs, kind: 'rival-selector', arg: 'nothing' };
});

/** Somebody points the Service at no pod once too often; long after the Gateway takes up another route. */
const STORY: Story = {
  seed: 'nowhere',
  setup: { ...CALM_SETUP, router: 'gateway' },
  acts: [...RIVALS, { atMs: 300_000, kind: 'route-edited', arg: '20s' }],
};

/** It holds, and its status says that it is on its way. */
const saysNothing: Wrap = (client: KubeClient) => ({
  ...client,
  apply: (resource, object, options) =>
    client.apply<never>(resource, resource === resources.canaries ? withoutReason(object) : object, options),
});

function withoutReason<T>(object: T): T {
  return JSON.parse(JSON.stringify(object).replaceAll(`"${Reasons.Contended}"`, `"${Reasons.Progressing}"`));
}

describe('lost', () => {
  it('is not what somebody else has pointed at no pod, as long as it is held so', async () => {
    const { violation, world } = await play(STORY);
    expect(violation).toBeUndefined();
    expect(world.status?.phase).toBe('Healthy');
    expect(world.dataPlane.served.nowhere).toEqual([]);
    expect(world.timeline.now - world.startMs).toBeGreaterThan(600_000);
  });

  it('is the same where nobody says that it is held', async () => {
    const { violation } = await play(STORY, { wrapClient: saysNothing });
    expect(violation).toMatchObject({
      rule: 'lost',
      message: 'requests to Service checkout find no pod',
    });
    expect(violation?.atMs).toBeGreaterThan(300_000);
  });
});
