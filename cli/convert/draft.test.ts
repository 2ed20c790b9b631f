// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Draft } from './draft.ts';

function draft(): Draft {
  return new Draft({ apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web', namespace: 'shop' });
}

const HEAD = 'apiVersion: headway.dev/v1alpha1\nkind: Canary\nmetadata:\n  name: web\n  namespace: shop\n';

describe('a draft', () => {
  it('makes what is around a field, and says where it is', () => {
    const made = draft();
    expect(made.set(['spec', 'steps', 0, 'setWeight'], 5)).toBe('Canary/web spec.steps[0].setWeight');
    made.set(['spec', 'steps', 1, 'pause'], {});
    expect(made.value['spec']).toEqual({ steps: [{ setWeight: 5 }, { pause: {} }] });
    expect(made.get(['spec', 'steps', 0, 'setWeight'])).toBe(5);
    expect(made.get(['spec', 'nothing', 'here'])).toBeUndefined();
  });

  it('has no namespace where the source had none', () => {
    const made = new Draft({ apiVersion: 'v1', kind: 'X', name: 'a', namespace: '' });
    expect(made.render()).toBe('apiVersion: v1\nkind: X\nmetadata:\n  name: a\n');
  });

  it('puts texts into quotes that YAML 1.1 would take for something else', () => {
    const made = draft();
    made.set(['spec'], { a: 'yes', b: 'on', c: '12:30', d: 'n', e: '1e3', f: 'plain', g: '0x1F' });
    const text = made.render();
    for (const word of ['"yes"', '"on"', '"n"', '"1e3"', 'f: plain', '"0x1F"']) expect(text).toContain(word);
  });

  it.each<[string, (made: Draft) => void, string]>([
    [
      'a field',
      (made) => made.look(['spec', 'service'], 'is it?'),
      'spec:\n  # LOOK: is it?\n  service:\n    name: web\n  steps:\n    - setWeight: 5\n',
    ],
    [
      'the first field',
      (made) => made.look(['spec', 'service', 'name'], 'is it?'),
      'spec:\n  service:\n    # LOOK: is it?\n    name: web\n  steps:\n    - setWeight: 5\n',
    ],
    [
      'an item',
      (made) => made.look(['spec', 'steps', 0], 'is it?'),
      'spec:\n  service:\n    name: web\n  steps:\n    # LOOK: is it?\n    - setWeight: 5\n',
    ],
    [
      'what is not there: what would hold it',
      (made) => made.look(['spec', 'steps', 7, 'x'], 'is it?'),
      'spec:\n  service:\n    name: web\n  # LOOK: is it?\n  steps:\n    - setWeight: 5\n',
    ],
    [
      'twice the same: once',
      (made) => {
        made.look(['spec'], 'is it?');
        made.look(['spec'], 'is it?');
      },
      '# LOOK: is it?\nspec:\n  service:\n    name: web\n  steps:\n    - setWeight: 5\n',
    ],
    [
      'two things',
      (made) => {
        made.look(['spec'], 'one.');
        made.look(['spec'], 'two.');
      },
      '# LOOK: one.\n# LOOK: two.\nspec:\n  service:\n    name: web\n  steps:\n    - setWeight: 5\n',
    ],
  ])('comments on %s', (_, look, text) => {
    const made = draft();
    made.set(['spec', 'service', 'name'], 'web');
    made.set(['spec', 'steps'], [{ setWeight: 5 }]);
    look(made);
    expect(made.render()).toBe(HEAD + text);
  });

  it('breaks long comments', () => {
    const made = draft();
    made.set(['spec', 'a'], 1);
    made.look(['spec'], 'word '.repeat(60).trim());
    const lines = made
      .render()
      .split('\n')
      .filter((line) => line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(115);
  });
});
