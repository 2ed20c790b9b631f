// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Credentials, Identity } from './credentials.ts';

/** The connections of one client: a small pool for calls, and one connection for each watch. */
export interface Agents {
  readonly calls: Dispatcher;
  readonly watches: Dispatcher;
}

/** Below the 90 s after which the API server closes an idle connection. */
const KEEP_ALIVE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1000;
/** client-go's value; many load balancers drop what is silent for 60 s. */
const TCP_KEEP_ALIVE_DELAY_MS = 30_000;

/** The connections for the identity in use. */
export interface Pools {
  /** Made anew when the TLS material has changed; what is in flight on the old ones finishes there. */
  agentsFor(identity: Identity): Agents;
  /** Ends all connections. Resolves when they have ended, or after a second. */
  close(): Promise<void>;
}

/** `connections` is what the calls share at most. No connection is made before it is needed. */
export function createPools(credentials: Credentials, connections: number): Pools {
  let held: { agents: Agents; fingerprint: string } | undefined;
  let closed = false;
  return {
    agentsFor(identity) {
      if (closed) throw new Error('the Kubernetes client is closed');
      if (held?.fingerprint === identity.fingerprint) return held.agents;
      if (held) retire(held.agents);
      held = { agents: createAgents(credentials, identity, connections), fingerprint: identity.fingerprint };
      return held.agents;
    },
    async close() {
      closed = true;
      if (held) await destroy(held.agents);
    },
  };
}

function createAgents(credentials: Credentials, identity: Identity, connections: number): Agents {
  const calls = { connections, keepAliveTimeout: KEEP_ALIVE_MS };
  const watches = { connections: null, bodyTimeout: 0, keepAliveTimeout: 1000 };
  return {
    calls: createAgent(credentials, identity, calls),
    watches: createAgent(credentials, identity, watches),
  };
}

/** HTTP/1.1 only: undici's HTTP/2 sessions have no deadline on PING, so a dead one may be kept for ever. */
function createAgent(credentials: Credentials, identity: Identity, pool: Agent.Options): Dispatcher {
  const common: Agent.Options = { ...pool, allowH2: false, pipelining: 1 };
  const connect = {
    ...identity.tls,
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
  };
  if (credentials.proxyUrl === undefined) return new Agent({ ...common, connect });
  return new ProxyAgent({ ...common, uri: credentials.proxyUrl, requestTls: connect });
}

function retire(agents: Agents): void {
  for (const agent of [agents.calls, agents.watches]) {
    agent.close().catch(() => undefined); // fails only when it is destroyed meanwhile, and then it is over anyway
  }
}

/** undici waits for a connection that is still being made, up to its timeout; nobody needs to. */
async function destroy(agents: Agents): Promise<void> {
  const destroyed = Promise.all([agents.calls.destroy(), agents.watches.destroy()]);
  await Promise.race([destroyed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
}
