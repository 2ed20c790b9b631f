// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import { podLabelsOf, within } from '../pods.ts';
import type { FlaggerContext } from './canary.ts';

const SERVICE: Path = ['spec', 'service'];

/** The Service that Flagger made, as one of the user. */
export function convertService({ workshop, ledger, draft, service }: FlaggerContext): void {
  const made = workshop.draft('Service', { name: service, namespace: ledger.source.namespace }, 'v1');
  made.look(
    ['metadata'],
    'Flagger made the Service of this name, and it goes with the Canary of Flagger. From now on it is yours: go on by docs/migrating.md.',
  );
  for (const field of ['labels', 'annotations']) {
    const path = [...SERVICE, 'apex', field];
    if (ledger.has(...path)) ledger.kept(path, made.set(['metadata', field], ledger.value(...path)));
  }
  for (const side of ['primary', 'canary']) {
    ledger.dropped(
      [...SERVICE, side],
      'the canary Service has what says how requests get to the pods, and nothing else',
    );
  }
  made.set(['spec', 'selector'], selectorOf({ workshop, ledger, made }));
  convertPort({ ledger, made });
  if (ledger.has(...SERVICE, 'trafficDistribution')) {
    const path = [...SERVICE, 'trafficDistribution'];
    ledger.kept(path, made.set(['spec', 'trafficDistribution'], ledger.value(...path)));
  }
  if (ledger.value(...SERVICE, 'headless') === true) {
    ledger.dropped(
      [...SERVICE, 'headless'],
      'a headless Service cannot be governed; clients need one with an address',
    );
    made.look(['spec'], 'it was headless, which cannot be governed: this one has an address.');
  } else ledger.dropped([...SERVICE, 'headless'], 'it is false');
  const place = draft.set(['spec', 'service', 'name'], service);
  ledger.kept([...SERVICE, 'name'], place);
}

/** As the pods are selected by their Deployment, where it is in the input. */
function selectorOf({
  workshop,
  ledger,
  made,
}: Pick<FlaggerContext, 'workshop' | 'ledger'> & { made: Draft }): unknown {
  const name = ledger.text('spec', 'targetRef', 'name') ?? '';
  const deployment = workshop.find(ledger.source, 'Deployment', name);
  const labels =
    within(deployment?.value, 'spec', 'selector', 'matchLabels') ?? podLabelsOf(deployment?.value);
  if (labels !== undefined) return labels;
  made.look(['spec', 'selector'], `Deployment ${name} was not in what was read, so its labels are a guess.`);
  return { app: name };
}

function convertPort({ ledger, made }: Pick<FlaggerContext, 'ledger'> & { made: Draft }): void {
  const port = ledger.value(...SERVICE, 'port') ?? 80;
  const name = ledger.text(...SERVICE, 'portName') ?? 'http';
  const appProtocol = ledger.value(...SERVICE, 'appProtocol');
  const targetPort = ledger.value(...SERVICE, 'targetPort') ?? port;
  made.set(
    ['spec', 'ports'],
    [{ name, port, targetPort, ...(appProtocol === undefined ? {} : { appProtocol }) }],
  );
  const at: Path = ['spec', 'ports', 0];
  ledger.kept([...SERVICE, 'port'], made.place([...at, 'port']));
  ledger.kept([...SERVICE, 'portName'], made.place([...at, 'name']));
  ledger.kept([...SERVICE, 'targetPort'], made.place([...at, 'targetPort']));
  ledger.kept([...SERVICE, 'appProtocol'], made.place([...at, 'appProtocol']));
  if (ledger.value(...SERVICE, 'portDiscovery') === true) {
    ledger.dropped([...SERVICE, 'portDiscovery'], 'the ports of the Service are those that it says');
    made.look(
      ['spec', 'ports'],
      'Flagger added the other ports of the containers; add those that are needed.',
    );
  } else ledger.dropped([...SERVICE, 'portDiscovery'], 'it is false');
}
