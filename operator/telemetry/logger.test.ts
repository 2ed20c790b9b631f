// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogFormat, type LogLevel } from './logger.ts';

function capture(level: LogLevel, format: LogFormat = 'json') {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: createLogger({ level, format, stream }), lines, parsed };
}

describe('createLogger', () => {
  it('writes one object a line: level by name, time, fields, message, nothing else', () => {
    const { log, lines, parsed } = capture('info');
    log.info({ object: 'shop/checkout', weight: 25 }, 'weight set');
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
        object: 'shop/checkout',
        weight: 25,
        msg: 'weight set',
      },
    ]);
    expect(lines[0]).toMatch(/\}\n$/);
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('at level %s writes %j', (level, written) => {
    const { log, parsed } = capture(level);
    log.debug({}, 'm');
    log.info({}, 'm');
    log.warn({}, 'm');
    log.error({}, 'm');
    expect(parsed().map((line) => line['level'])).toEqual(written);
  });

  it('gives the fields of a child to its lines and to its children', () => {
    const { log, parsed } = capture('info');
    const child = log.child({ object: 'shop/checkout' }).child({ reconcileId: 'r1', reason: 'step due' });
    child.info({ weight: 5 }, 'm');
    expect(parsed()[0]).toMatchObject({
      object: 'shop/checkout',
      reconcileId: 'r1',
      reason: 'step due',
      weight: 5,
    });
  });

  it('lets no credential out: in fields, children, messages, errors', () => {
    const { log, lines } = capture('debug');
    const err = new Error('refused Bearer abcdefghijkl', { cause: new Error('http://u:hunter2@x') });
    log.child({ token: 'hunter1' }).error({ err, password: 'hunter3' }, 'sent Bearer abcdefghijkl');
    expect(lines.join('')).not.toMatch(/hunter|abcdefghijkl/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      token: '***',
      password: '***',
      msg: 'sent Bearer ***',
      err: { type: 'Error', message: 'refused Bearer ***', cause: { message: 'http://***@x' } },
    });
  });

  it('writes text for people', () => {
    const { log, lines } = capture('info', 'text');
    log.child({ object: 'shop/checkout' }).warn({ weight: 5 }, 'held');
    expect(lines).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}held object=shop\/checkout weight=5\n$/),
    ]);
  });
});
