// SPDX-License-Identifier: Apache-2.0
import type { Rule } from './rules.ts';

interface SpecFields {
  readonly service: { readonly name: string };
  readonly previewService?: { readonly name: string } | undefined;
  readonly autoPromote: boolean;
  readonly autoPromoteAfter?: string | undefined;
  readonly postPromotion?: object | undefined;
  readonly bake?: object | undefined;
}

export const BLUE_GREEN_RULES: readonly Rule<SpecFields>[] = [
  {
    path: ['previewService'],
    rule: '!has(self.previewService) || self.previewService.name != self.service.name',
    message: 'previewService must be another Service than service: it finds the new pods before clients do',
    holds: ({ service, previewService }) => previewService?.name !== service.name,
  },
  {
    path: ['autoPromoteAfter'],
    rule: '!has(self.autoPromoteAfter) || self.autoPromote',
    message:
      'autoPromoteAfter promotes by itself, and autoPromote is false; leave one of the two out, then a person promotes or the time does',
    holds: ({ autoPromote, autoPromoteAfter }) => autoPromoteAfter === undefined || autoPromote,
  },
  {
    path: ['postPromotion'],
    rule: '!has(self.postPromotion) || has(self.bake)',
    message: 'postPromotion is judged during the bake; set bake.duration too',
    holds: ({ postPromotion, bake }) => postPromotion === undefined || bake !== undefined,
  },
];
