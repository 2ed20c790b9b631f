// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { Labels } from '../../../operator/api/group.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { canaryIngressName } from '../../../operator/providers/traffic/ingress/canary-ingress.ts';
import { ask, isAt, isPromoted, readStatus, release, stays, until } from '../support/acts.ts';
import { type Mode, shop } from '../support/objects.ts';
import { untilPutBack, untilTold } from '../support/overwrites.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { admin } from '../support/world.ts';

const Service = z.looseObject({ selector: z.record(z.string(), z.string()) });
const HttpRoute = z.looseObject({
  rules: z.array(z.looseObject({ backendRefs: z.array(z.looseObject({ weight: z.int() })).optional() })),
});
const weightKey = 'nginx.ingress.kubernetes.io/canary-weight';
const fieldManager = 'intruder';

type Wish = 'right' | 'wrong' | 'otherwise wrong';

/** Somebody who wants a field to be something else, and loses no request by it. */
interface Rival {
  /** What the sentence calls the field and the wrong value. */
  readonly field: RegExp;
  readonly found: string;
  readonly write: (story: Story, wish: Wish) => Promise<void>;
  readonly isRight: (story: Story) => Promise<boolean>;
}

const percents: Readonly<Record<Wish, number>> = { right: 25, wrong: 90, 'otherwise wrong': 80 };

const annotation: Rival = {
  field: /the annotation .*canary-weight of Ingress .+|metadata\.annotations\[.*canary-weight\].*/,
  found: '90%',
  async write({ namespace }, wish) {
    const patch = { metadata: { annotations: { [weightKey]: String(percents[wish]) } } };
    const ref = { namespace, name: canaryIngressName(shop) };
    await admin().mergePatch(resources.ingresses, ref, { patch, fieldManager });
  },
  async isRight({ namespace }) {
    const { metadata } = await admin().get(resources.ingresses, { namespace, name: canaryIngressName(shop) });
    return metadata.annotations?.[weightKey] === '25';
  },
};

const backends: Rival = {
  field: /spec\.rules of HTTPRoute shop/,
  found: '90%',
  async write({ namespace }, wish) {
    const weights = [100 - percents[wish], percents[wish]];
    const operations = weights.map(
      (value, i) => ({ op: 'replace', path: `/spec/rules/1/backendRefs/${i}/weight`, value }) as const,
    );
    await admin().jsonPatch(resources.httpRoutes, { namespace, name: shop }, { operations, fieldManager });
  },
  async isRight({ namespace }) {
    const { spec } = await admin().get(resources.httpRoutes, { namespace, name: shop });
    const refs = HttpRoute.parse(spec).rules[1]?.backendRefs ?? [];
    return refs.map(({ weight }) => weight).join() === '75,25';
  },
};

/** Without its pin the Service names the pods of every revision, and with the wrong one those of stable. */
const selector: Rival = {
  field: /the selector of Service shop/,
  found: 'none',
  async write({ namespace }, wish) {
    const stable = (await readStatus(namespace)).stable?.revision ?? '';
    const pins = {
      right: { [Labels.canary]: shop, [Labels.revision]: null, [Labels.serving]: 'true' },
      wrong: { [Labels.canary]: null, [Labels.revision]: null, [Labels.serving]: null },
      'otherwise wrong': { [Labels.canary]: null, [Labels.revision]: stable, [Labels.serving]: 'true' },
    };
    const patch = { spec: { selector: pins[wish] } };
    await admin().mergePatch(resources.services, { namespace, name: shop }, { patch, fieldManager });
  },
  async isRight({ namespace }) {
    const { spec } = await admin().get(resources.services, { namespace, name: shop });
    const pinned = Service.parse(spec).selector;
    return pinned[Labels.canary] === shop && pinned[Labels.serving] === 'true';
  },
};

const rivals: Readonly<Partial<Record<Mode, Rival>>> = {
  route: annotation,
  gateway: backends,
  ratio: selector,
};

tellStory({
  title: 'contended',
  modes: ['gateway', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    const rival = rivals[story.mode];
    if (!rival) throw new Error(`nobody contends in the mode ${story.mode}`);
    await release(story, '1.1.0');
    // a pod that was taken out would get requests again by a selector that does not leave it out
    await until(story, 'the weight of 1.1.0', (status) => isAt(1, 25)(status) && status.drain === undefined);
    for (let fight = 1; fight <= 3; fight++) {
      await rival.write(story, 'wrong');
      await untilPutBack(story, 'the field', () => rival.isRight(story));
    }
    await rival.write(story, 'wrong');
    await until(story, 'the field to be left', isContended);
    const sentence = sentenceOf(rival);
    expect(await untilTold(story, 'Contended', sentence)).toEqual([expect.stringMatching(sentence)]);
    const { message, fights = {} } = await readStatus(story.namespace);
    expect(message).toMatch(sentence);
    expect(Object.values(fights)).toMatchObject([{ count: 4, manager: fieldManager }]);

    await rival.write(story, 'otherwise wrong');
    await stays(story, 'the field left to who goes on', isContended, 5000);
    expect(await rival.isRight(story)).toBe(false);

    await rival.write(story, 'right');
    await until(story, 'the release to go on', (status) => status.phase === 'Paused');
    await rival.write(story, 'wrong');
    await until(story, 'the field to be left again', isContended);
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect((await readStatus(story.namespace)).fights).toBeUndefined();
  },
});

function sentenceOf({ field, found }: Rival): RegExp {
  return new RegExp(
    `^intruder keeps changing (?:${field.source}) to ${found}; it should be .+\\. Put back 3 times, now held: let one of the two writers own it$`,
  );
}

function isContended({ phase, conditions = [] }: RolloutStatus): boolean {
  return phase === 'Holding' && conditions.find(({ type }) => type === 'Ready')?.reason === 'Contended';
}
