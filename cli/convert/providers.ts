// SPDX-License-Identifier: Apache-2.0
import { MetricsProviderSpec } from '../../operator/api/metrics-provider.ts';
import type { Provider, Workshop } from './workshop.ts';

/** Where nobody said one. */
const GUESS = 'http://prometheus.monitoring:9090';

const Address = MetricsProviderSpec.shape.address;

/**
 * The MetricsProvider of an address, one for each. An address that is none of ours, or none at all, becomes a guess that
 * a person must look at.
 */
export function providerFor(workshop: Workshop, address: string | undefined): Provider {
  const { providers } = workshop;
  const key = address ?? '';
  const found = providers.get(key) ?? makeProvider(workshop, address, providers.size);
  providers.set(key, found);
  return found;
}

function makeProvider(workshop: Workshop, address: string | undefined, count: number): Provider {
  const name = count === 0 ? 'prometheus' : `prometheus-${count + 1}`;
  const draft = workshop.draft('MetricsProvider', { name, namespace: '' });
  const plain = plainAddress(address);
  draft.set(['spec', 'type'], 'Prometheus');
  draft.set(['spec', 'address'], plain ?? GUESS);
  draft.look(
    ['spec'],
    'a MetricsProvider belongs to the cluster and is written by administrators. If there is one for this Prometheus, leave this out and name that one in the checks.',
  );
  if (plain === undefined) {
    const said = address === undefined ? 'no address was given' : `${address} cannot be used`;
    draft.look(['spec', 'address'], `${said}; this one is a guess.`);
  }
  if (plain === address) return { name, draft };
  return { name, draft, why: 'an address has no user, password or query, and no arguments' };
}

/** Undefined: it is none that can be used. */
function plainAddress(address: string | undefined): string | undefined {
  if (address === undefined || address.includes('{{')) return undefined;
  const plain = address.replace(/^(https?:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/, '');
  return Address.safeParse(plain).success ? plain : undefined;
}
