// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Layout, layoutOf } from './layout.ts';
import {
  endProcesses,
  forget,
  hasEnded,
  isAlive,
  parentOf,
  parseRecord,
  type RecordedProcess,
  recordedParts,
  runningProcess,
  signal,
  startTicksOf,
} from './processes.ts';

let checkout = '';
let layout: Layout;
let children: ChildProcess[] = [];
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'headway-processes-'));
  layout = layoutOf('p', checkout);
  mkdirSync(join(layout.stateDir, 'processes'), { recursive: true });
});
afterEach(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  children = [];
  rmSync(checkout, { recursive: true });
});

async function child(script: string): Promise<RecordedProcess> {
  const started = spawn('sh', ['-c', `${script}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(started);
  await once(started.stdout, 'data');
  const pid = started.pid ?? 0;
  return { pid, startTicks: startTicksOf(pid) ?? '' };
}

const patient = 'echo ready; while :; do sleep 0.05; done';
const stubborn = `trap "" TERM; ${patient}`;

function writeRecord(part: string, text: string): void {
  writeFileSync(join(layout.stateDir, 'processes', `${part}.json`), text);
}

describe('parseRecord', () => {
  it.each([
    ['{"pid":12,"startTicks":"345"}', { pid: 12, startTicks: '345' }],
    ['{"pid":12,"star', undefined],
    ['', undefined],
    ['{"pid":-1,"startTicks":"345"}', undefined],
  ])('%s', (text, expected) => {
    expect(parseRecord(text)).toEqual(expected);
  });
});

describe('a recorded process', () => {
  it('runs while it lives', async () => {
    const process_ = await child(patient);
    writeRecord('etcd', JSON.stringify(process_));
    expect(runningProcess(layout, 'etcd')).toEqual(process_);
    expect(recordedParts(layout)).toEqual(['etcd']);
    await endProcesses([process_], 'SIGTERM', 5_000);
    expect(runningProcess(layout, 'etcd')).toBeUndefined();
    expect(recordedParts(layout)).toEqual(['etcd']);
    forget(layout, 'etcd');
    expect(recordedParts(layout)).toEqual([]);
  });

  it('is not a later process with its pid, which gets no signal', async () => {
    const { pid, startTicks } = await child(patient);
    const earlier = { pid, startTicks: String(Number(startTicks) - 1) };
    writeRecord('etcd', JSON.stringify(earlier));
    expect(runningProcess(layout, 'etcd')).toBeUndefined();
    signal(earlier, 'SIGKILL');
    await endProcesses([earlier], 'SIGKILL', 1_000);
    expect(isAlive({ pid, startTicks })).toBe(true);
  });

  it('does not run when the record is torn or missing', () => {
    writeRecord('etcd', '{"pid":1');
    expect(runningProcess(layout, 'etcd')).toBeUndefined();
    expect(runningProcess(layout, 'kubelet')).toBeUndefined();
  });
});

describe('endProcesses', () => {
  it('kills what does not listen', async () => {
    const [kind, unkind] = await Promise.all([child(patient), child(stubborn)]);
    await endProcesses([kind, unkind], 'SIGTERM', 100);
    expect([isAlive(kind), isAlive(unkind)]).toEqual([false, false]);
  });

  it('ends a stopped process', async () => {
    const stopped = await child(patient);
    signal(stopped, 'SIGSTOP');
    await endProcesses([stopped], 'SIGTERM', 100);
    expect(isAlive(stopped)).toBe(false);
  });
});

describe('/proc', () => {
  it('knows this process and its parent, and no process 0', () => {
    expect(startTicksOf(process.pid)).toMatch(/^\d+$/);
    expect(parentOf(process.pid)).toBe(process.ppid);
    expect(startTicksOf(0)).toBeUndefined();
  });
});

describe('hasEnded', () => {
  it.each([
    ['running', 'R', 4, false],
    ['sleeping', 'S', 1, false],
    ['a zombie whose other threads are still ending', 'Z', 3, false],
    ['a zombie', 'Z', 1, true],
    ['dead', 'X', 1, true],
  ])('%s', (_title, state, threads, expected) => {
    expect(hasEnded({ state, threads })).toBe(expected);
  });
});
