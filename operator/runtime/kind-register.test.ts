// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createKindRegister, type KindRegister } from './kind-register.ts';

describe('the register of kinds', () => {
  let register: KindRegister;
  let heard: string[];

  beforeEach(() => {
    heard = [];
    register = createKindRegister((kind, error) => heard.push(`${kind}: ${String(error)}`));
    register.kinds.onChange(({ type, entry }) => heard.push(`${type} ${entry.key} ${entry.value.served}`));
  });

  it('knows nothing of a kind that nobody told it about', () => {
    expect(register.kinds.get('HTTPRoute')).toBeUndefined();
  });

  it('tells the news and nothing else', () => {
    register.note('HTTPRoute', false);
    register.note('HTTPRoute', false);
    register.note('GRPCRoute', true);
    register.note('HTTPRoute', true);
    register.note('HTTPRoute', true);

    expect(heard).toEqual(['add HTTPRoute false', 'add GRPCRoute true', 'update HTTPRoute true']);
    expect(register.kinds.get('HTTPRoute')).toEqual({ kind: 'HTTPRoute', served: true });
    expect(register.kinds.list()).toHaveLength(2);
  });

  it('says which kind a listener failed at', () => {
    register.kinds.onChange(() => {
      throw new Error('broken');
    });
    register.note('HTTPRoute', true);
    expect(heard).toEqual(['add HTTPRoute true', 'HTTPRoute: Error: broken']);
    expect(register.kinds.get('HTTPRoute')?.served).toBe(true);
  });
});
