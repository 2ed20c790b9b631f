// SPDX-License-Identifier: Apache-2.0
import { type ListEditor, type LiveObject, readLive } from '../weights/patched.ts';
import type { RuleKind } from '../weights/rules.ts';
import type { Sides } from '../weights/split.ts';
import { httpRouteEditor, httpRoutes, istioSides } from './rules.ts';
import type { HttpRoute, IstioTarget, NamedVirtualService, VirtualServiceSnapshot } from './schema.ts';

/** A VirtualService of the user as it is now, and as it was before Headway's weights. */
export interface LiveVirtualService {
  readonly named: NamedVirtualService;
  readonly found: VirtualServiceSnapshot;
  /** As `VirtualService web`. */
  readonly what: string;
  readonly kind: RuleKind<HttpRoute>;
  readonly editor: ListEditor<readonly HttpRoute[]>;
  readonly live: LiveObject<readonly HttpRoute[]>;
  readonly sides: Sides;
  /** Its http routes as the user wrote them. */
  readonly base: readonly HttpRoute[];
}

export function readVirtualService(
  target: IstioTarget,
  named: NamedVirtualService,
  found: VirtualServiceSnapshot,
): LiveVirtualService {
  const what = `VirtualService ${named.name}`;
  const editor = httpRouteEditor(named.routes);
  const live = readLive(editor, target, {
    ...found,
    resource: 'virtualServices',
    field: `spec.http of ${what}`,
    lists: found.http,
  });
  const base = editor.base(found.http, target, live.memory);
  return {
    named,
    found,
    what,
    kind: httpRoutes(named.routes),
    editor,
    live,
    sides: istioSides(target),
    base,
  };
}

/** Those that are there and not about to go. */
export function readVirtualServices(target: IstioTarget): LiveVirtualService[] {
  return target.virtualServices.flatMap((named) =>
    named.found && !named.found.deleting ? [readVirtualService(target, named, named.found)] : [],
  );
}
