// SPDX-License-Identifier: Apache-2.0
import type { Traffic } from '../../operator/api/traffic.ts';
import type { Line, Style } from '../text/line.ts';
import { type Frame, joinFitting, labelled, roomOf } from './frame.ts';
import { type Model, sidesOf } from './model.ts';

/** `Traffic stable █████████░░░ 75%   canary ███░░░░░░░░░ 25%   by HTTPRoute checkout`: what was read back. */
export function trafficLine(model: Model, frame: Frame): Line | undefined {
  const { status } = model;
  if (!status.stable) return undefined;
  const sides = sidesOf(model);
  // at rest the Service names the one revision that there is, whatever the last weight was
  const share = status.canary ? (status.weight?.observed ?? 0) : 0;
  const parts = [
    bar(frame, { name: sides.stable, percent: 100 - share, style: 'good' }),
    ...(status.canary ? [bar(frame, { name: sides.canary, percent: share, style: 'busy' })] : []),
    ...notesOf(model).map((text): Line => [{ text, style: 'faint' }]),
  ];
  return labelled('Traffic', joinFitting(parts, '   ', roomOf(frame)));
}

interface Share {
  readonly name: string;
  readonly percent: number;
  readonly style: Style;
}

const ROOMY = 100;

function bar({ columns, glyphs }: Frame, { name, percent, style }: Share): Line {
  const cells = columns >= ROOMY ? 20 : 12;
  const full = fullCells(Math.min(100, Math.max(0, percent)), cells);
  return [
    { text: `${name} ` },
    { text: glyphs.full.repeat(full), style },
    { text: glyphs.empty.repeat(cells - full), style: 'faint' },
    { text: ` ${percent}%`, style: 'strong' },
  ];
}

/** Something is never drawn as nothing, and not all never as all. */
function fullCells(percent: number, cells: number): number {
  if (percent === 0 || percent === 100) return (percent / 100) * cells;
  return Math.min(cells - 1, Math.max(1, Math.round((percent / 100) * cells)));
}

function notesOf({ status, spec, kind, name }: Model): string[] {
  const { weight } = status;
  const asked = weight && isAskedFor(status) ? [`asked for ${weight.desired}%`] : [];
  const matched = weight?.matched && status.canary ? ['matched requests to the canary'] : [];
  const unconfirmed = weight?.unconfirmed ? ['not taken up by the Gateway yet'] : [];
  const by = spec ? [`by ${splitterOf(spec, { kind, name })}`] : [];
  return [...asked, ...unconfirmed, ...matched, ...by];
}

/** In a promotion the Service itself comes to name the new revision, and no weight is asked for any more. */
function isAskedFor({ weight, canary, stage }: Model['status']): boolean {
  if (!weight || !canary || weight.desired === weight.observed) return false;
  const isHandedOver = stage === 'Promoting' || stage === 'Returning';
  return !isHandedOver || weight.desired > weight.observed;
}

/** What splits the traffic, by its kind and name. */
function splitterOf(spec: NonNullable<Model['spec']>, { kind, name }: Pick<Model, 'kind' | 'name'>): string {
  const { traffic, service } = spec;
  if (traffic) return routeOf(traffic, name);
  return kind === 'BlueGreen' ? `the selector of Service ${service.name}` : `pods of Service ${service.name}`;
}

function routeOf({ gateway, ingress, traefik, alb, istio }: Traffic, name: string): string {
  if (ingress) return `Ingress ${ingress.name}`;
  if (traefik) return `TraefikService ${traefik.service}`;
  if (alb) return `Ingress ${alb.ingress}`;
  if (istio) return `VirtualService ${istio.virtualServices.map((one) => one.name).join(', ')}`;
  if (!gateway?.routes) return `HTTPRoute ${name}`;
  return gateway.routes.map((route) => `${route.kind} ${route.name}`).join(', ');
}
