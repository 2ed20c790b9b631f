// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Duration } from './duration.ts';
import { ObjectName } from './names.ts';

/** Checks that ask the judged pods themselves, or a Job, instead of a metrics provider. No address is ever given. */

/** Whose port is meant: that of the pods, or that of a Service. Whichever it is, pods of the judged revision are asked. */
export const ProbeTarget = z.enum(['canary', 'service', 'preview']);
export type ProbeTarget = z.infer<typeof ProbeTarget>;

const target = ProbeTarget.default('canary').describe(
  'Whose port is meant; asked are the ready pods of the judged revision. canary: a port of their containers. service: a port of the Service, so that they are asked where its targetPort leads to. preview: the same for the preview Service of a BlueGreen, or the canary Service behind a route. Default: canary.',
);

const port = z
  .int()
  .min(1)
  .max(65535)
  .describe('Port, 1 to 65535: of a container with target canary, of the Service otherwise.');

const timeout = Duration({ min: '100ms', max: '30s' })
  .default('1s')
  .describe(
    'How long the answer of one pod may take, from 100ms to 30s; a slower one is a failure. Default: 1s.',
  );

const ExpectedStatus = z.int().min(100).max(599);

const Expect = z.object({
  status: z
    .array(ExpectedStatus)
    .min(1)
    .max(16)
    .optional()
    .describe('Good HTTP codes, 1 to 16, each from 100 to 599. Default: 200 to 399, as for the kubelet.'),
  body: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'Text that the first 64 KiB of the body contain, as it is, 1 to 256 characters. Default: any body.',
    ),
});

export const HttpProbe = z.object({
  path: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^\/[!"$-~]*$/, 'must begin with "/" and have printable ASCII characters without spaces and "#"')
    .default('/')
    .describe('Path and query, 1 to 1024 characters. Default: /.'),
  port,
  scheme: z
    .enum(['HTTP', 'HTTPS'])
    .default('HTTP')
    .describe('HTTP or HTTPS; as the kubelet, HTTPS does not check the certificate. Default: HTTP.'),
  target,
  expect: Expect.optional().describe(
    'What a good answer is. Redirects are answers, too; they are not followed. Default: a code from 200 to 399.',
  ),
  timeout,
});
export type HttpProbe = z.infer<typeof HttpProbe>;

export const TcpProbe = z.object({ port, target, timeout });
export type TcpProbe = z.infer<typeof TcpProbe>;

export const JobProbe = z.object({
  cronJobRef: z
    .object({ name: ObjectName('Name of the CronJob.') })
    .describe(
      'CronJob of this namespace whose jobTemplate is run, as kubectl create job --from does; best with suspend: true, so that nothing else runs it.',
    ),
  timeout: Duration({ min: '1s', max: '24h' })
    .default('10m')
    .describe(
      'How long the Job may take from when its pod runs, from 1s to 24h; a slower one is a failure. Default: 10m.',
    ),
});
export type JobProbe = z.infer<typeof JobProbe>;
