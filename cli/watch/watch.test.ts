// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFakeClock } from '../../operator/runtime/fake-clock.ts';
import { createBell } from '../bell.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { createTestIo, createTestWorld, startLine, TERMINAL, until } from '../test-io.ts';
import { modelOf } from '../view/model.ts';
import { HEALTHY, MID_CANARY, NO_DATA, NOW_MS } from '../view/test-rollouts.ts';
import { view } from '../view/view.ts';
import { ENTER_SCREEN, LEAVE_SCREEN, repaint } from './repaint.ts';
import { createViewer } from './viewers.ts';

const ESCAPE = '\u001b[';

describe('a repaint', () => {
  it('writes what has changed and nothing else', () => {
    expect(repaint(['a', 'b', 'c'], ['a', 'B', 'c'])).toBe(`${ESCAPE}2;1HB${ESCAPE}0m${ESCAPE}K`);
    expect(repaint(['a', 'b'], ['a', 'b'])).toBe('');
  });

  it('clears the lines that are no more', () => {
    expect(repaint(['a', 'b'], ['a'])).toBe(`${ESCAPE}2;1H${ESCAPE}0m${ESCAPE}K`);
  });

  it('begins with an empty screen where it does not know what is shown', () => {
    expect(repaint(undefined, ['a'])).toBe(`${ESCAPE}2J${ESCAPE}1;1Ha${ESCAPE}0m${ESCAPE}K`);
  });

  it('shows in the end what a whole painting would show', () => {
    const frames = fc.array(fc.array(fc.constantFrom('', 'a', 'bb', 'ccc'), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(frames, (all) => {
        const screen: string[] = [];
        let before: readonly string[] | undefined;
        for (const frame of all) {
          play(screen, repaint(before, frame));
          before = frame;
        }
        const last = all.at(-1) ?? [];
        expect(screen.slice(0, last.length)).toEqual(last);
        expect(screen.slice(last.length).join('')).toBe('');
      }),
    );
  });
});

/** A terminal that knows these sequences and no others. */
function play(screen: string[], output: string): void {
  for (const part of output.split(ESCAPE).slice(1)) {
    const place = /^(\d+);1H(.*)$/.exec(part);
    if (place) {
      const at = Number(place[1]) - 1;
      while (screen.length <= at) screen.push('');
      screen[at] = place[2] ?? '';
    } else if (part === '2J') screen.fill('');
    else if (part !== '0m' && part !== 'K') throw new Error(`unknown sequence ${part}`);
  }
}

describe('a viewer', () => {
  const mid = modelOf(MID_CANARY);

  it('takes the screen of a terminal, and gives it back with the last view left behind', () => {
    const io = createTestIo(TERMINAL);
    const viewer = createViewer(io, createTestWorld().terminal, () => undefined);
    viewer.show(mid, undefined);
    viewer.close();
    const { out } = io.written;
    expect(out.startsWith(ENTER_SCREEN)).toBe(true);
    expect(out.endsWith(`${LEAVE_SCREEN}${view(mid, TERMINAL, NOW_MS).join('\n')}\n`)).toBe(true);
  });

  it('paints nothing where nothing has changed', () => {
    const io = createTestIo(TERMINAL);
    const viewer = createViewer(io, createTestWorld().terminal, () => undefined);
    viewer.show(mid, undefined);
    const { length } = io.written.out;
    viewer.show(mid, undefined);
    expect(io.written.out).toHaveLength(length);
  });

  it('paints all of it again in a window of another size, and listens no longer than it is open', () => {
    const io = createTestIo(TERMINAL);
    const world = createTestWorld();
    let resized = 0;
    const viewer = createViewer(io, world.terminal, () => (resized += 1));
    viewer.show(mid, undefined);
    world.resize();
    const { length } = io.written.out;
    viewer.show(mid, undefined);
    expect(io.written.out.slice(length).startsWith(`${ESCAPE}2J`)).toBe(true);
    viewer.close();
    world.resize();
    expect(resized).toBe(1);
    expect(world.listeners.size).toBe(0);
  });

  it('keeps to the lines of the terminal', () => {
    const io = createTestIo(TERMINAL);
    const viewer = createViewer(io, createTestWorld(5).terminal, () => undefined);
    viewer.show(mid, undefined);
    const screen: string[] = [];
    play(screen, io.written.out.slice(ENTER_SCREEN.length));
    expect(screen).toHaveLength(5);
    expect(screen[4]).toBe('…');
  });

  it('says below the view why nothing new is heard', () => {
    const io = createTestIo(TERMINAL);
    const viewer = createViewer(io, createTestWorld().terminal, () => undefined);
    viewer.show(mid, 'cannot reach the API server');
    const screen: string[] = [];
    play(screen, io.written.out.slice(ENTER_SCREEN.length));
    expect(screen.at(-1)).toBe('cannot reach the API server');
  });

  it('writes no line twice in a row where there is no terminal', () => {
    const io = createTestIo();
    const viewer = createViewer(io, createTestWorld().terminal, () => undefined);
    for (const model of [mid, mid, modelOf(NO_DATA), mid]) viewer.show(model, undefined);
    viewer.close();
    expect(io.written.out.trimEnd().split('\n')).toHaveLength(3);
    expect(io.written.out).not.toContain('\u001b');
  });
});

describe('a bell', () => {
  it('is heard by who waits, and by who comes a moment later', async () => {
    const bell = createBell(createFakeClock(), new AbortController().signal);
    bell.ring();
    await bell.wait(Infinity);
    const waiting = bell.wait(Infinity);
    bell.ring();
    await waiting;
  });

  it('is not waited for longer than was said', async () => {
    const clock = createFakeClock();
    const bell = createBell(clock, new AbortController().signal);
    let isOver = false;
    const waiting = bell.wait(1000).then(() => (isOver = true));
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await waiting;
  });

  it('is not waited for by who is ended', async () => {
    const ending = new AbortController();
    const bell = createBell(createFakeClock(), ending.signal);
    const waiting = bell.wait(Infinity);
    ending.abort();
    await waiting;
    await bell.wait(Infinity);
  });
});

describe('watch', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await startTestApi();
  });

  afterEach(() => api.close());

  const line = () => ['watch', 'canary/checkout', '-n', 'shop', '--kubeconfig', api.kubeconfig];

  it('follows an object on a terminal, with its pods, until Ctrl-C', async () => {
    api.put(MID_CANARY);
    const labels = { 'headway.dev/canary': 'checkout', 'headway.dev/revision': 'aaa' };
    api.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop', labels },
      status: {},
    });
    const world = createTestWorld();
    const { written, done } = startLine(line(), { world, screen: TERMINAL });
    await until(() => written.out.includes('stable 0/1 ready'));
    api.put(HEALTHY);
    await until(() => written.out.includes('● Healthy'));
    world.end();
    const { code, out, err } = await done;
    expect({ code, err }).toEqual({ code: 130, err: '' });
    expect(out).toContain(LEAVE_SCREEN);
    expect(out.slice(out.indexOf(LEAVE_SCREEN))).toContain('all traffic on 1.5.0 since 14:05:40');
  });

  it('says on a terminal that the API server is away, and forgets it when it is back', async () => {
    api.put(MID_CANARY);
    const world = createTestWorld();
    const { written, done } = startLine(line(), { world, screen: TERMINAL });
    await until(() => api.calls.filter(({ query }) => query.has('watch')).length === 2);
    api.setDown(true);
    await until(() => written.out.includes('cannot reach the API server'));
    api.setDown(false);
    const said = written.out.length;
    // the line below the view is cleared
    await until(() => written.out.slice(said).includes(`;1H${ESCAPE}0m${ESCAPE}K`));
    world.end();
    expect((await done).code).toBe(130);
  });

  it('takes no screen for what is not there', async () => {
    const { code, out, err } = await startLine(line(), { screen: TERMINAL }).done;
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^error: there is no canary\/checkout in namespace shop/);
  });

  it('gives the screen back when the object goes', async () => {
    api.put(MID_CANARY);
    const { done } = startLine(line(), { screen: TERMINAL });
    await until(() => api.calls.some(({ query }) => query.has('watch')));
    api.remove('Canary', 'checkout');
    const { code, out, err } = await done;
    expect({ code, err }).toEqual({ code: 5, err: 'error: canary/checkout was deleted\n' });
    expect(out).toContain(LEAVE_SCREEN);
  });
});
