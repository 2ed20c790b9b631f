// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Config, type ConfigInput, helpText, loadConfig } from './config.ts';
import { flagOf, OPTION_NAMES, OPTIONS, variableOf } from './config-options.ts';
import { version } from './version.ts';

const POD_NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

interface Given {
  argv?: string[];
  env?: Record<string, string>;
  /** The text of the file `c.yaml`. */
  file?: string;
  /** The namespace of the pod; none outside of a pod. */
  pod?: string | undefined;
}

function load({ argv = [], env = {}, file, ...rest }: Given) {
  const pod = 'pod' in rest ? rest.pod : 'headway-system\n';
  const files = new Map([
    ['c.yaml', file],
    [POD_NAMESPACE_FILE, pod],
  ]);
  const input: ConfigInput = {
    argv: file === undefined ? argv : [...argv, '--config', 'c.yaml'],
    env,
    readFile: (path) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return text;
    },
  };
  return loadConfig(input);
}

function configOf(given: Given): Config {
  const loaded = load(given);
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

function errorsOf(given: Given): readonly string[] {
  const loaded = load(given);
  return loaded.kind === 'invalid' ? loaded.errors : [`not invalid but ${loaded.kind}`];
}

describe('loadConfig', () => {
  it('has a default for everything inside a pod', () => {
    expect(configOf({})).toEqual({
      namespaces: [],
      routers: ['ingress', 'gateway', 'traefik', 'alb', 'istio'],
      kubeconfig: undefined,
      workers: 16,
      leaderElection: { enabled: true, namespace: 'headway-system', name: 'headway' },
      healthAddress: { host: '', port: 8081 },
      metricsAddress: { host: '', port: 8080 },
      log: { level: 'info', format: 'json' },
      shutdownGraceMs: 4000,
    });
  });

  it.each<[string, Given]>([
    [
      'flags',
      {
        argv: [
          '--namespaces=shop, cart,shop',
          '--routers=istio, gateway,istio',
          '--kubeconfig',
          '/k',
          '--workers',
          '8',
          '--no-leader-election',
          '--leader-election-namespace=ops',
          '--leader-election-name=h2',
          '--health-address=off',
          '--metrics-address=[::1]:9',
          '--log-level=debug',
          '--log-format=text',
          '--shutdown-grace=1m30s',
        ],
      },
    ],
    [
      'variables',
      {
        env: {
          HEADWAY_NAMESPACES: 'shop,cart',
          HEADWAY_ROUTERS: 'gateway,istio',
          HEADWAY_KUBECONFIG: '/k',
          HEADWAY_WORKERS: '8',
          HEADWAY_LEADER_ELECTION: 'false',
          HEADWAY_LEADER_ELECTION_NAMESPACE: 'ops',
          HEADWAY_LEADER_ELECTION_NAME: 'h2',
          HEADWAY_HEALTH_ADDRESS: 'off',
          HEADWAY_METRICS_ADDRESS: '[::1]:9',
          HEADWAY_LOG_LEVEL: 'debug',
          HEADWAY_LOG_FORMAT: 'text',
          HEADWAY_SHUTDOWN_GRACE: '90s',
        },
      },
    ],
    [
      'a file',
      {
        file: `
          namespaces: [shop, cart]
          routers: [gateway, istio]
          kubeconfig: /k
          workers: 8
          leaderElection: false
          leaderElectionNamespace: ops
          leaderElectionName: h2
          healthAddress: "off"
          metricsAddress: "[::1]:9"
          logLevel: debug
          logFormat: text
          shutdownGrace: 1m30s`,
      },
    ],
  ])('takes every option from %s', (_, given) => {
    expect(configOf(given)).toEqual({
      namespaces: ['shop', 'cart'],
      routers: ['gateway', 'istio'],
      kubeconfig: '/k',
      workers: 8,
      leaderElection: { enabled: false, namespace: 'ops', name: 'h2' },
      healthAddress: undefined,
      metricsAddress: { host: '::1', port: 9 },
      log: { level: 'debug', format: 'text' },
      shutdownGraceMs: 90_000,
    });
  });

  it.each<[string, Given, number]>([
    ['a flag wins', { argv: ['--workers=1'], env: { HEADWAY_WORKERS: '2' }, file: 'workers: 3' }, 1],
    ['then a variable', { env: { HEADWAY_WORKERS: '2' }, file: 'workers: 3' }, 2],
    ['then the file', { file: 'workers: 3' }, 3],
    ['then the default', { file: 'logLevel: warn' }, 16],
    ['the last of two flags wins', { argv: ['--workers=1', '--workers', '5'] }, 5],
    ['an empty variable counts as absent', { env: { HEADWAY_WORKERS: '' }, file: 'workers: 3' }, 3],
    ['a null in the file counts as absent', { file: 'workers:' }, 16],
    ['an empty file says nothing', { file: '' }, 16],
  ])('%s', (_, given, workers) => {
    expect(configOf(given).workers).toBe(workers);
  });

  it.each<[string, boolean]>([
    ['--leader-election', true],
    ['--leader-election=true', true],
    ['--leader-election=false', false],
    ['--no-leader-election', false],
  ])('%s says %s', (flag, enabled) => {
    const env = { HEADWAY_LEADER_ELECTION: String(!enabled) };
    expect(configOf({ argv: [flag], env }).leaderElection.enabled).toBe(enabled);
  });

  it.each([
    [':8080', { host: '', port: 8080 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['[::]:80', { host: '::', port: 80 }],
    ['off', undefined],
  ])('listens on %s', (text, address) => {
    expect(configOf({ argv: [`--metrics-address=${text}`] }).metricsAddress).toEqual(address);
  });

  it.each([
    ['none', []],
    ['istio', ['istio']],
    ['alb, ingress,alb', ['ingress', 'alb']],
  ])('serves the routers %s', (text, routers) => {
    expect(configOf({ argv: [`--routers=${text}`] }).routers).toEqual(routers);
  });

  it('needs no namespace for a Lease that it does not use', () => {
    const { leaderElection } = configOf({ argv: ['--no-leader-election'], pod: undefined });
    expect(leaderElection).toEqual({ enabled: false, namespace: '', name: 'headway' });
  });

  it('cannot be changed, at no depth', () => {
    const config = configOf({ argv: ['--namespaces=shop'] });
    expect(() => Object.assign(config, { workers: 9 })).toThrow(TypeError);
    for (const value of Object.values(config)) expect(Object.isFrozen(value)).toBe(true);
  });

  it('leaves alone what Kubernetes sets for a Service named headway or headway-metrics', () => {
    const env = {
      HEADWAY_PORT: 'tcp://10.0.0.1:80',
      HEADWAY_SERVICE_HOST: '10.0.0.1',
      HEADWAY_METRICS_PORT_8080_TCP_ADDR: '10.0.0.1',
      HEADWAY_METRICS_SERVICE_PORT: '8080',
    };
    expect(configOf({ env })).toEqual(configOf({}));
  });
});

describe('what is wrong', () => {
  const ADDRESS = 'must be host:port, :port or [IPv6]:port with a port from 0 to 65535, or "off"';
  const ROUTERS =
    'must be names out of ingress, gateway, traefik, alb, istio, separated by commas, or "none"';

  it.each([
    [['--workers=0'], '--workers: "0" must be a whole number from 1 to 64'],
    [['--workers=65'], '--workers: "65" must be a whole number from 1 to 64'],
    [['--workers', '-1'], '--workers: "-1" must be a whole number from 1 to 64'],
    [['--workers=1.5'], '--workers: "1.5" must be a whole number from 1 to 64'],
    [['--workers=many'], '--workers: "many" must be a whole number from 1 to 64'],
    [['--workers='], '--workers: "" must be a whole number from 1 to 64'],
    [['--leader-election=maybe'], '--leader-election: "maybe" must be true or false'],
    [['--log-level=loud'], '--log-level: "loud" must be one of debug, info, warn, error'],
    [['--log-format=xml'], '--log-format: "xml" must be one of json, text'],
    [['--metrics-address=8080'], `--metrics-address: "8080" ${ADDRESS}`],
    [['--health-address=a:65536'], `--health-address: "a:65536" ${ADDRESS}`],
    [['--health-address=::1:80'], `--health-address: "::1:80" ${ADDRESS}`],
    [['--shutdown-grace=5'], '--shutdown-grace: "5" must be a duration from 0s to 10m, such as 5s or 1m30s'],
    [
      ['--shutdown-grace=1h'],
      '--shutdown-grace: "1h" must be a duration from 0s to 10m, such as 5s or 1m30s',
    ],
    [
      ['--namespaces=Shop'],
      '--namespaces: "Shop" must be names of namespaces (lower-case letters, digits and "-", at most 63), separated by commas',
    ],
    [['--routers=nginx'], `--routers: "nginx" ${ROUTERS}`],
    [['--routers='], `--routers: "" ${ROUTERS}`],
    [['--routers=,'], `--routers: "," ${ROUTERS}`],
    [['--routers=istio,none'], `--routers: "istio,none" ${ROUTERS}`],
    [['--leader-election-namespace=A'], '--leader-election-namespace: "A" must be the name of a namespace'],
    [
      ['--leader-election-name=A'],
      '--leader-election-name: "A" must be a name of lower-case letters, digits, "-" and ".", at most 253',
    ],
    [['--worker=3'], '--worker: unknown flag; see --help'],
    [['--__proto__=3'], '--__proto__: unknown flag; see --help'],
    [['--no-workers'], '--no-workers: unknown flag; see --help'],
    [['-v'], '-v: unknown flag; see --help'],
    [['run'], '"run": unexpected argument; see --help'],
    [['--workers'], '--workers: needs a value'],
    [['--config'], '--config: needs a value'],
    [['--config=none.yaml'], "--config none.yaml: ENOENT: no such file or directory, open 'none.yaml'"],
  ])('%j', (argv, error) => {
    expect(errorsOf({ argv })).toEqual([error]);
  });

  it.each([
    ['wokers: 3', 'c.yaml: wokers: unknown option; see --help'],
    ['__proto__: {workers: 3}', 'c.yaml: __proto__: unknown option; see --help'],
    ['constructor: 3', 'c.yaml: constructor: unknown option; see --help'],
    ['workers: 100', 'c.yaml: workers: 100 must be a whole number from 1 to 64'],
    ['workers: [1]', 'c.yaml: workers: [1] must be a whole number from 1 to 64'],
    ['logLevel: 3', 'c.yaml: logLevel: 3 must be one of debug, info, warn, error'],
    ['kubeconfig: {a: b}', 'c.yaml: kubeconfig: {"a":"b"} must be a path'],
    ['- workers', 'c.yaml: must be a map of options'],
    ['workers', 'c.yaml: must be a map of options'],
    ['a: b: c', expect.stringMatching(/^c\.yaml: Nested mappings are not allowed .* at line 1, column 4/)],
    [
      'workers: 1\nworkers: 2',
      expect.stringMatching(/^c\.yaml: Map keys must be unique at line 2, column 1/),
    ],
    ['a: &a [1]\nnamespaces: *a', '--config c.yaml: Alias resolution is disabled'],
  ])('in a file: %j', (file, error) => {
    expect(errorsOf({ file })).toEqual([error]);
  });

  it('is told all at once, from every source, values that are overridden included', () => {
    const given: Given = {
      argv: ['--workers', '--log-level=loud', 'x'],
      env: { HEADWAY_LOG_FORMAT: 'xml', HEADWAY_WORKERS: '0' },
      file: 'workers: 99\nlogLevel: info\nbogus: 1',
      pod: undefined,
    };
    expect([...errorsOf(given)].sort()).toEqual(
      [
        '--workers: needs a value',
        '"x": unexpected argument; see --help',
        '--log-level: "loud" must be one of debug, info, warn, error',
        'HEADWAY_LOG_FORMAT: "xml" must be one of json, text',
        'HEADWAY_WORKERS: "0" must be a whole number from 1 to 64',
        'c.yaml: workers: 99 must be a whole number from 1 to 64',
        'c.yaml: bogus: unknown option; see --help',
        '--leader-election-namespace: is needed outside of a pod; or switch the election off with --no-leader-election',
      ].sort(),
    );
  });

  it('is an election outside of a pod without a namespace', () => {
    expect(errorsOf({ pod: undefined })).toEqual([
      '--leader-election-namespace: is needed outside of a pod; or switch the election off with --no-leader-election',
    ]);
  });
});

describe('--help and --version', () => {
  it.each([['--help'], ['-h']])('%s prints the text, whatever else is wrong', (flag) => {
    expect(load({ argv: [flag, '--workers=0'] })).toEqual({ kind: 'help', text: helpText() });
  });

  it('--version wins over errors', () => {
    expect(load({ argv: ['--version', 'x'] })).toEqual({ kind: 'version' });
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tells every flag with its variable, its key, what it does and its default', () => {
    const text = helpText();
    for (const name of OPTION_NAMES) {
      const { value, describe: description, default: byDefault } = OPTIONS[name];
      const line = byDefault === '' ? description : `${description} Default: ${byDefault}.`;
      expect(text).toContain(
        `  --${flagOf(name)} ${value}  [${name}, ${variableOf(name)}]\n        ${line}\n`,
      );
    }
    expect(text).toContain('  --config PATH\n');
    expect(text.split('\n').every((line) => line.length <= 130)).toBe(true);
  });

  it('names flags and variables by one rule', () => {
    expect(flagOf('leaderElectionName')).toBe('leader-election-name');
    expect(variableOf('leaderElectionName')).toBe('HEADWAY_LEADER_ELECTION_NAME');
  });
});
