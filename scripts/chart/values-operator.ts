// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { DURATION_PATTERN } from '../../operator/api/duration.ts';
import { type OptionName, OPTION_NAMES, OPTIONS } from '../../operator/config-options.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../../operator/telemetry/logger.ts';
import { nameOrNothing, namespaceOrNothing, section } from './value-types.ts';

/** What the chart says in another place: `scope` with `namespaces`, and `traffic`. */
const ELSEWHERE = ['namespaces', 'routers'] as const satisfies readonly OptionName[];
type OperatorValue = Exclude<OptionName, (typeof ELSEWHERE)[number]>;

/** In a pod only a port makes sense: the kubelet and Prometheus come from outside of it. */
const PORT = /^:[1-9][0-9]{0,4}$/;
const PORT_OR_OFF = /^(off|:[1-9][0-9]{0,4})$/;

/** What each option may be as a value. The meaning and the default are those of the option. */
const TYPES: Readonly<Record<OperatorValue, z.ZodType>> = {
  workers: z.int().min(1).max(64),
  kubeconfig: z.string().max(4096),
  leaderElection: z.boolean(),
  leaderElectionNamespace: namespaceOrNothing(),
  leaderElectionName: nameOrNothing(),
  healthAddress: z.string().regex(PORT),
  metricsAddress: z.string().regex(PORT_OR_OFF),
  logLevel: z.enum(LOG_LEVELS),
  logFormat: z.enum(LOG_FORMATS),
  shutdownGrace: z.string().min(2).regex(DURATION_PATTERN),
};

/** Where the chart differs from the option. */
const CHANGED: Partial<Record<OperatorValue, { byDefault?: unknown; describe: string }>> = {
  kubeconfig: {
    describe:
      'Kubeconfig of another cluster, mounted by `extraVolumes`. Empty: the service account of the pod.',
  },
  leaderElectionNamespace: { describe: 'Namespace of the Lease. Empty: that of the release.' },
  leaderElectionName: { byDefault: '', describe: 'Name of the Lease. Empty: the full name of the release.' },
  healthAddress: { describe: 'Port of /healthz and /readyz, for the probes of the pod.' },
  metricsAddress: { describe: 'Port of /metrics, or "off" (in quotes).' },
};

function isValue(option: OptionName): option is OperatorValue {
  return !(ELSEWHERE as readonly OptionName[]).includes(option);
}

/** An option's default as it is typed, as a value of YAML. */
function typed(written: string): unknown {
  return /^(true|false|[0-9]+)$/.test(written) ? JSON.parse(written) : written;
}

export const OPERATOR_VALUES: readonly OperatorValue[] = OPTION_NAMES.filter(isValue);

/** Every option of operator/config-options.ts that the chart does not say in another place. */
export const operatorValues = section(
  'Options of the operator, as docs/operator.md has them.',
  Object.fromEntries(
    OPERATOR_VALUES.map((option) => {
      const { byDefault = typed(OPTIONS[option].default), describe = OPTIONS[option].describe } =
        CHANGED[option] ?? {};
      return [option, TYPES[option].default(byDefault).describe(describe)];
    }),
  ),
);
