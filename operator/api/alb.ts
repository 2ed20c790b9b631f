// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { AnnotationPrefix, LabelName, ObjectName } from './names.ts';

/** An annotation key has 63 characters after the slash, and "actions." is eight of them. */
const MAX_ACTION = 55;

const ALB_PREFIX = 'alb.ingress.kubernetes.io';

export const AlbTraffic = z.object({
  ingress: ObjectName(
    'Name of the Ingress whose action forwards to the Service. Only the annotation of that action is changed, only while a release is on its way; then it is as it was.',
  ),
  action: LabelName('Name of the action, 1 to 55 characters: the annotation actions.<name>.', MAX_ACTION)
    .optional()
    .describe(
      'Name of the action, 1 to 55 characters: <annotationPrefix>/actions.<name> of the Ingress. Default: the name of the Service.',
    ),
  annotationPrefix: AnnotationPrefix(ALB_PREFIX)
    .default(ALB_PREFIX)
    .describe(
      `Prefix of the annotations that the AWS Load Balancer Controller reads. Default: ${ALB_PREFIX}.`,
    ),
});
export type AlbTraffic = z.infer<typeof AlbTraffic>;
