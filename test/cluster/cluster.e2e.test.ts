// SPDX-License-Identifier: Apache-2.0
// The clusters of this file are its own: lc1 and lc2 (profile api) and lc3 (a whole node).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoImage } from '../apps/build.ts';
import { demoDeployment, demoHttpRoute, demoIngress, demoService } from '../apps/manifests.ts';
import { openProvider } from './cluster.ts';
import { auditLogPath, signalPart, startPart, stopPart } from './faults.ts';
import { outcomeInside, runInside } from './inside-cluster.ts';
import { layoutOf } from './node/layout.ts';
import { serviceAccountKubeconfig } from './service-account.ts';
import { run } from './shell.ts';
import { tracesOf } from './traces.ts';
import type { ClusterStatus } from './types.ts';

const provider = await openProvider('node');
const minuteMs = 60_000;

async function kubectl(cluster: string, ...args: string[]): Promise<string> {
  return (await runInside(provider, cluster, ['kubectl', ...args])).trim();
}

function pidsOf(status: ClusterStatus): number[] {
  return status.parts.flatMap((part) => part.pid ?? []);
}

async function until(what: string, holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${what}`);
    }
    await delay(100);
  }
}

describe('two clusters of the profile api', () => {
  beforeAll(async () => {
    await Promise.all(['lc1', 'lc2'].map((name) => provider.up({ name, profile: 'api' })));
  }, 20 * minuteMs);
  afterAll(() => Promise.all([provider.down('lc1'), provider.down('lc2')]), minuteMs);

  it('know nothing of each other', async () => {
    await kubectl('lc1', 'create', 'namespace', 'only-here');
    expect(await kubectl('lc1', 'get', 'namespaces', '--output=name')).toContain('namespace/only-here');
    expect(await kubectl('lc2', 'get', 'namespaces', '--output=name')).not.toContain('only-here');
  });

  it('are left alone by a second up', async () => {
    const before = await provider.status('lc1');
    await provider.up({ name: 'lc1', profile: 'api' });
    expect(before.state).toBe('running');
    expect(pidsOf(await provider.status('lc1'))).toEqual(pidsOf(before));
    expect(pidsOf(before)).toHaveLength(3);
  });

  it('refuse the other profile while they run, and images', async () => {
    await expect(provider.up({ name: 'lc1', profile: 'node' })).rejects.toThrow(
      'cluster "lc1" runs with profile api; take it down first',
    );
    await expect(provider.loadImage('lc1', 'x.tar')).rejects.toThrow('it runs no pods and takes no images');
  });

  it(
    'start again after an unclean end, while the other one runs on',
    async () => {
      const other = pidsOf(await provider.status('lc2'));
      const [first, ...rest] = pidsOf(await provider.status('lc1'));
      // One part lives on, two are dead, the network has lost its name, and a command still runs in it.
      const orphan = provider.exec('lc1', ['sleep', '1000'], { stdio: 'ignore' });
      const ended = new Promise((resolve) => orphan.on('exit', (_, signal) => resolve(signal)));
      for (const pid of rest) {
        process.kill(pid, 'SIGKILL');
      }
      await run('ip', ['netns', 'delete', layoutOf('lc1').netns]);
      expect((await provider.status('lc1')).state).toBe('degraded');
      await provider.up({ name: 'lc1', profile: 'api' });
      expect((await provider.status('lc1')).state).toBe('running');
      expect(pidsOf(await provider.status('lc1'))).not.toContain(first);
      expect(await kubectl('lc1', 'get', 'namespaces', '--output=name')).not.toContain('only-here');
      expect(pidsOf(await provider.status('lc2'))).toEqual(other);
      orphan.kill();
      await ended;
    },
    5 * minuteMs,
  );

  it('pass on exit codes and end what was started inside', async () => {
    expect(await outcomeInside(provider, 'lc2', ['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
      code: 7,
      output: 'out\n',
      errors: 'err\n',
    });
    const child = provider.exec('lc2', ['sleep', '1000'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    await until(
      'sleep runs',
      async () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').startsWith('sleep'),
      minuteMs,
    );
    await provider.down('lc2');
    expect(await ended).toBe('SIGTERM');
  });

  it('leave nothing behind', async () => {
    expect(tracesOf('lc1')).not.toEqual([]);
    await provider.down('lc1');
    await provider.down('lc1');
    expect(tracesOf('lc1')).toEqual([]);
    expect(tracesOf('lc2')).toEqual([]);
    expect((await provider.status('lc1')).state).toBe('absent');
  });
});

describe('a whole node', () => {
  const cluster = 'lc3';
  let image = '';
  beforeAll(async () => {
    const [{ reference, tarPath }] = await Promise.all([
      demoImage(),
      provider.up({ name: cluster, profile: 'node' }),
    ]);
    image = reference;
    await provider.loadImage(cluster, tarPath);
  }, 20 * minuteMs);
  afterAll(() => provider.down(cluster), minuteMs);

  async function apply(objects: object[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await runInside(provider, cluster, ['sh', '-c', 'echo "$0" | kubectl apply --filename=-', list]);
  }

  /** Answers of each version; what answers without naming one counts under its status code. */
  async function ask(host: string, count: number): Promise<Record<string, number>> {
    return JSON.parse(await runInside(provider, cluster, [process.execPath, '--eval', askMany(host, count)]));
  }

  async function query(expression: string): Promise<unknown> {
    const url = `http://198.18.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`;
    const program = `fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(1000) })
      .then((r) => r.text()).then((t) => console.log(t))`;
    return JSON.parse(await runInside(provider, cluster, [process.execPath, '--eval', program])).data.result;
  }

  it(
    'splits real traffic between pods by the canary weight of an Ingress',
    async () => {
      const namespace = 'default';
      const weight = {
        'nginx.ingress.kubernetes.io/canary': 'true',
        'nginx.ingress.kubernetes.io/canary-weight': '25',
      };
      const versions = ['stable', 'canary'].flatMap((version) => [
        demoDeployment({ name: version, namespace, image, version, replicas: 1 }),
        demoService({ name: version, namespace }),
      ]);
      const host = 'shop.test';
      await apply([
        ...versions,
        demoIngress({ name: 'shop', namespace, host, service: 'stable' }),
        demoIngress({ name: 'shop-canary', namespace, host, service: 'canary', annotations: weight }),
      ]);
      await kubectl(cluster, 'wait', '--for=condition=Available', 'deployment', '--all', '--timeout=180s');
      await until('both versions answer', async () => haveAnswered(await ask(host, 8)), minuteMs);
      // Traefik's weighted round robin is exact; where it stands in its round is not known.
      const { stable = 0, canary = 0 } = await ask(host, 200);
      expect(stable + canary).toBe(200);
      expect(Math.abs(canary - 50)).toBeLessThanOrEqual(1);
    },
    5 * minuteMs,
  );

  it(
    'splits real traffic between the same pods by the weights of an HTTPRoute',
    async () => {
      const host = 'gateway.test';
      const backends = [
        { name: 'stable', weight: 80 },
        { name: 'canary', weight: 20 },
      ];
      await apply([demoHttpRoute({ name: 'shop', namespace: 'default', host, backends })]);
      await until('both versions answer', async () => haveAnswered(await ask(host, 10)), minuteMs);
      const { stable = 0, canary = 0 } = await ask(host, 200);
      expect(stable + canary).toBe(200);
      expect(Math.abs(canary - 40)).toBeLessThanOrEqual(1);
      const accepted = '{.status.parents[0].conditions[?(@.type=="Accepted")].status}';
      expect(await kubectl(cluster, 'get', 'httproute', 'shop', `--output=jsonpath=${accepted}`)).toBe(
        'True',
      );
    },
    5 * minuteMs,
  );

  it(
    'measures pods and Traefik in Prometheus',
    async () => {
      const pods = 'http_requests_total{namespace="default", app="canary", pod=~"canary-.+"}';
      await until(
        'the pods are scraped',
        async () => JSON.stringify(await query(pods)).includes('canary'),
        minuteMs,
      );
      const routes = 'traefik_service_requests_total{service=~"default-shop-.+"}';
      await until(
        'Traefik is scraped',
        async () => JSON.stringify(await query(routes)).includes('canary'),
        minuteMs,
      );
    },
    3 * minuteMs,
  );

  it(
    'measures the processor time of pods for autoscalers',
    async () => {
      await until(
        'kubectl top answers for both pods',
        async () => {
          const top = await outcomeInside(provider, cluster, ['kubectl', 'top', 'pods', '--no-headers']);
          const pods = top.output.trim().split('\n').toSorted();
          return pods.length === 2 && pods.every((line) => /^(canary|stable)-\S+ +\d+m +\d+Mi *$/.test(line));
        },
        45_000,
      );
    },
    5 * minuteMs,
  );

  it('knows people by certificate and ServiceAccounts by token', async () => {
    const who = async (kubeconfig: string): Promise<{ username: string; groups: string[] }> =>
      JSON.parse(await kubectl(cluster, `--kubeconfig=${kubeconfig}`, 'auth', 'whoami', '--output=json'))
        .status.userInfo;
    const alice = await who(await provider.kubeconfig(cluster, 'alice'));
    expect(alice).toMatchObject({ username: 'alice', groups: expect.arrayContaining(['team-shop']) });
    await kubectl(cluster, 'create', 'serviceaccount', 'operator');
    const account = { namespace: 'default', account: 'operator' };
    const operator = await serviceAccountKubeconfig(provider, cluster, account);
    expect((await who(operator)).username).toBe('system:serviceaccount:default:operator');
    const attempt = await outcomeInside(provider, cluster, [
      'kubectl',
      `--kubeconfig=${operator}`,
      'get',
      'pods',
    ]);
    expect(attempt).toMatchObject({ code: 1, errors: expect.stringContaining('Forbidden') });
  });

  it('keeps every write in the audit log, with the bodies of what carries traffic', async () => {
    const entries = readFileSync(auditLogPath(cluster), 'utf8').trimEnd().split('\n');
    const events = entries.map((line) => JSON.parse(line));
    const ingress = events.find((event) => event.objectRef?.name === 'shop-canary');
    expect(ingress).toMatchObject({ level: 'RequestResponse', responseObject: { kind: 'Ingress' } });
    expect(ingress.responseObject.metadata.managedFields).toBeUndefined();
    expect(events.some((event) => event.verb === 'get' || event.verb === 'list')).toBe(false);
    const pods = events.filter((event) => event.objectRef?.resource === 'pods');
    expect(pods.length).toBeGreaterThan(0);
    expect(pods.every((event) => event.level === 'Metadata')).toBe(true);
  });

  it(
    'stops and starts parts by name',
    async () => {
      await stopPart(cluster, 'prometheus');
      expect(await provider.status(cluster)).toMatchObject({ state: 'degraded' });
      await expect(query('up')).rejects.toThrow('ECONNREFUSED');
      await startPart(cluster, 'prometheus');
      expect(await query('1')).not.toEqual([]);
      await stopPart(cluster, 'apiserver', 'SIGKILL');
      await startPart(cluster, 'apiserver');
      expect(await kubectl(cluster, 'get', 'ingress', '--output=name')).toContain('shop-canary');
      signalPart(cluster, 'prometheus', 'SIGSTOP');
      await expect(query('1')).rejects.toThrow(/timeout/i);
      signalPart(cluster, 'prometheus', 'SIGCONT');
      expect(await query('1')).not.toEqual([]);
      expect((await provider.status(cluster)).state).toBe('running');
      await expect(stopPart(cluster, 'nothing')).rejects.toThrow(
        'cluster "lc3" has no part "nothing"; it has etcd,',
      );
    },
    5 * minuteMs,
  );

  it('leaves nothing behind, pods included', async () => {
    expect(existsSync(join(layoutOf(cluster).stateDir, 'containerd'))).toBe(true);
    await provider.down(cluster);
    expect(tracesOf(cluster)).toEqual([]);
  });
});

function haveAnswered(answers: Record<string, number>): boolean {
  return Object.keys(answers).toSorted().join() === 'canary,stable';
}

/** A program that sends POST requests to Traefik, twenty at a time, and prints how many each version answered. */
function askMany(host: string, count: number): string {
  return `
    const { request } = require('node:http');
    const ask = () => new Promise((resolve, reject) => {
      const options = { host: '198.18.0.1', port: 8000, method: 'POST', headers: { host: ${JSON.stringify(host)} } };
      request(options, (response) => {
        response.resume().on('end', () => resolve(response.headers['x-version'] ?? String(response.statusCode)));
      }).on('error', reject).end();
    });
    (async () => {
      const answers = {};
      for (let sent = 0; sent < ${count}; sent += 20) {
        const batch = Array.from({ length: Math.min(20, ${count} - sent) }, ask);
        for (const version of await Promise.all(batch)) {
          answers[version] = (answers[version] ?? 0) + 1;
        }
      }
      console.log(JSON.stringify(answers));
    })();`;
}
