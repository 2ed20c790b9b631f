// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../api/group.ts';
import type { Pin } from '../../engine/rollout/types.ts';

/** Label that the Deployment controller puts on the pods of one ReplicaSet. */
const POD_TEMPLATE_HASH = 'pod-template-hash';

const PINS: readonly string[] = [Labels.revision, Labels.canary, Labels.serving, POD_TEMPLATE_HASH];

/** A revision that no pod is of, for no hash has a hyphen: what whoever reads the selector of a Service shall know. */
const NOT_JUDGED_YET = 'not-judged-yet';

/** Only pods that have not been taken out. */
const SERVING = { [Labels.serving]: 'true' };

type Selector = Readonly<Record<string, string>>;

/** What a selector names, by the keys that Headway adds to it. */
export function pinOfSelector(selector: Selector): Pin {
  const revision = selector[Labels.revision];
  const whole = selector[Labels.serving] === 'true' ? {} : ({ whole: true } as const);
  if (revision === NOT_JUDGED_YET) return { kind: 'nobody' };
  if (revision !== undefined) return { kind: 'revision', revision, ...whole };
  if (selector[Labels.canary] !== undefined) return { kind: 'all', ...whole };
  const podHash = selector[POD_TEMPLATE_HASH];
  return podHash === undefined ? { kind: 'none' } : { kind: 'replica-set', podHash };
}

/** The user's own part of a selector: what is left without any pin. */
export function withoutPin(selector: Selector): Record<string, string> {
  return Object.fromEntries(Object.entries(selector).filter(([key]) => !PINS.includes(key)));
}

/** The user's selector with another pin. `canary` is the label value of the Canary. */
export function withPin(selector: Selector, pin: Pin, canary: string): Record<string, string> {
  const own = withoutPin(selector);
  switch (pin.kind) {
    case 'none':
      return own;
    case 'nobody':
      return { ...own, [Labels.revision]: NOT_JUDGED_YET, ...SERVING };
    case 'revision':
      return { ...own, [Labels.revision]: pin.revision, ...SERVING };
    case 'all':
      return { ...own, [Labels.canary]: canary, ...SERVING };
    case 'replica-set':
      return { ...own, [POD_TEMPLATE_HASH]: pin.podHash };
  }
}
