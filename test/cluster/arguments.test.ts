// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type Command, parseArguments } from './arguments.ts';

const good: [line: string, command: Command][] = [
  ['up', { verb: 'up', profile: 'node' }],
  ['up --profile api', { verb: 'up', profile: 'api' }],
  ['down', { verb: 'down' }],
  ['status', { verb: 'status' }],
  ['install-gateway-api', { verb: 'install-gateway-api' }],
  ['remove-gateway-api', { verb: 'remove-gateway-api' }],
  ['', { verb: 'help' }],
  ['up --help', { verb: 'help' }],
  [
    'exec -- kubectl get pods --all-namespaces',
    { verb: 'exec', command: ['kubectl', 'get', 'pods', '--all-namespaces'] },
  ],
  ['exec -- sh -c --', { verb: 'exec', command: ['sh', '-c', '--'] }],
  ['load-image a.tar', { verb: 'load-image', tarPath: 'a.tar' }],
  ['kubeconfig', { verb: 'kubeconfig', user: 'admin' }],
  ['kubeconfig alice', { verb: 'kubeconfig', user: 'alice' }],
  [
    'kubeconfig --service-account shop/operator',
    { verb: 'service-account-kubeconfig', namespace: 'shop', account: 'operator' },
  ],
  ['start-part prometheus', { verb: 'start-part', part: 'prometheus' }],
  ['logs kubelet', { verb: 'logs', part: 'kubelet' }],
  ['stop-part apiserver', { verb: 'stop-part', part: 'apiserver', signal: 'SIGTERM' }],
  ['stop-part apiserver --signal SIGKILL', { verb: 'stop-part', part: 'apiserver', signal: 'SIGKILL' }],
  ['restart-part etcd --signal KILL', { verb: 'restart-part', part: 'etcd', signal: 'SIGKILL' }],
  ['signal-part prometheus --signal STOP', { verb: 'signal-part', part: 'prometheus', signal: 'SIGSTOP' }],
];

const bad: [line: string, message: string][] = [
  ['fly', 'no verb "fly"'],
  ['up --profile small', 'no profile "small"; there are api, node'],
  ['up now', 'up: what is "now"?'],
  ['install-gateway-api v1', 'install-gateway-api: what is "v1"?'],
  ['load-image a.tar b.tar', 'load-image: what is "b.tar"?'],
  ['load-image', 'load-image needs the path of a docker-archive'],
  ['exec', 'exec needs a command after --'],
  ['stop-part', 'stop-part needs the name of a part'],
  ['signal-part etcd', 'not ""'],
  ['stop-part etcd --signal SIGWHAT', 'not "SIGWHAT"'],
  ['kubeconfig --service-account operator', '--service-account is NAMESPACE/NAME, not "operator"'],
  ['kubeconfig --service-account a/b/c', '--service-account is NAMESPACE/NAME, not "a/b/c"'],
  ['kubeconfig alice --service-account a/b', 'kubeconfig: what is "alice"?'],
  ['status --colour', "Unknown option '--colour'"],
];

function words(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

describe('the command line', () => {
  it.each(good)('%s', (line, command) => {
    expect(parseArguments(words(line)).command).toEqual(command);
  });

  it.each(bad)('refuses: %s', (line, message) => {
    expect(() => parseArguments(words(line))).toThrow(message);
  });

  it('takes name and provider before or after the verb, and only before --', () => {
    const { name, provider, command } = parseArguments(words('--name a exec --provider kind -- x --name b'));
    expect({ name, provider, command }).toEqual({
      name: 'a',
      provider: 'kind',
      command: { verb: 'exec', command: ['x', '--name', 'b'] },
    });
  });

  it('names the cluster "dev" and leaves the provider open', () => {
    expect(parseArguments(['up'])).toMatchObject({ name: 'dev', provider: undefined });
  });
});
