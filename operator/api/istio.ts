// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ObjectName } from './names.ts';
import { withRules } from './rules.ts';

const MAX_VIRTUAL_SERVICES = 16;
const MAX_ROUTES = 32;

const RouteName = z.string().min(1).max(253);

const VirtualServiceRef = z.object({
  name: ObjectName('Name of the VirtualService in this namespace.'),
  routes: z
    .array(RouteName)
    .min(1)
    .max(MAX_ROUTES)
    .optional()
    .describe('Names of the http routes that are split, 1 to 32. Default: all that lead to the Service.'),
});
export type VirtualServiceRef = z.infer<typeof VirtualServiceRef>;

const VirtualServices = withRules(z.array(VirtualServiceRef).min(1).max(MAX_VIRTUAL_SERVICES), [
  {
    rule: 'self.all(one, self.exists_one(other, other.name == one.name))',
    message: 'name each VirtualService once',
    holds: (list) => new Set(list.map(({ name }) => name)).size === list.length,
  },
]);

export const IstioTraffic = z.object({
  virtualServices: VirtualServices.describe(
    'Your VirtualServices that lead to the Service, 1 to 16; all move together. Only http routes that lead to the Service are changed, only while a release is on its way; then they are as they were.',
  ),
});
export type IstioTraffic = z.infer<typeof IstioTraffic>;
