// SPDX-License-Identifier: Apache-2.0
import { childName } from '../../../operator/engine/names.ts';
import type { Path } from '../../manifests/offsets.ts';
import { boundedDuration } from '../durations.ts';
import { argName } from './args.ts';
import type { MadeCheck, MetricContext } from './metric.ts';

/** Longer names leave no room for those of the Jobs. */
const MAX_CRON_JOB_NAME = 52;

/** A metric that is a Job: a suspended CronJob that a check runs. Undefined: it needs a value that it has not here. */
export function jobCheck(context: MetricContext, path: Path, name: string): MadeCheck | undefined {
  const { ledger, draft, workshop } = context;
  const at = [...path, 'provider', 'job'];
  const filled = fill(context, ledger.value(...at, 'spec'));
  if (filled.missing.length > 0) {
    const names = filled.missing.join(', ');
    ledger.dropped(
      path,
      `its Job needs {{args.${names}}}, which has no single value here; write a CronJob by hand`,
    );
    return undefined;
  }
  const cronJobName = childName(draft.name, `-${name}`, MAX_CRON_JOB_NAME);
  const { namespace } = draft;
  const cronJob = workshop.draft('CronJob', { name: cronJobName, namespace }, 'batch/v1');
  cronJob.set(['spec', 'suspend'], true);
  cronJob.set(['spec', 'schedule'], '0 0 1 1 *');
  cronJob.look(
    ['spec', 'schedule'],
    'it is required, and not looked at while suspended; Headway makes the Jobs.',
  );
  cronJob.set(['spec', 'jobTemplate'], {
    ...(ledger.has(...at, 'metadata') ? { metadata: ledger.value(...at, 'metadata') } : {}),
    spec: filled.value,
  });
  ledger.kept([...at, 'metadata'], cronJob.place(['spec', 'jobTemplate', 'metadata']));
  const place = cronJob.place(['spec', 'jobTemplate', 'spec']);
  if (filled.isChanged) ledger.changed([...at, 'spec'], place, 'arguments are put in');
  else ledger.kept([...at, 'spec'], place);
  const deadline = ledger.number(...at, 'spec', 'activeDeadlineSeconds');
  const timeout =
    deadline === undefined
      ? {}
      : { timeout: boundedDuration(deadline * 1000, { min: '1s', max: '24h' }).text };
  if (JSON.stringify(filled.value).includes('$(HEADWAY_')) {
    cronJob.look(['spec', 'jobTemplate', 'spec'], HASHES);
  }
  return { check: { name, job: { cronJobRef: { name: cronJobName }, ...timeout } }, looks: [] };
}

const HASHES =
  '$(HEADWAY_REVISION) and $(HEADWAY_STABLE_REVISION) are put in by Kubernetes in command, args and env alone, and are values of the pod label headway.dev/revision.';

interface Filled {
  readonly value: unknown;
  readonly isChanged: boolean;
  readonly missing: readonly string[];
}

/** Arguments with a single value are put in; a hash of a revision is a variable of the container. */
function fill(context: MetricContext, value: unknown): Filled {
  const missing = new Set<string>();
  let isChanged = false;
  const text = JSON.stringify(value ?? {}).replaceAll(
    /\{\{\s*args\.([^}\s]+)\s*\}\}/g,
    (whole, written: string) => {
      const found = valueOf(context, argName(written));
      if (found === undefined) missing.add(written);
      isChanged = true;
      return found === undefined ? whole : JSON.stringify(found).slice(1, -1);
    },
  );
  return { value: JSON.parse(text) as unknown, isChanged, missing: [...missing] };
}

const VARIABLES = { revision: '$(HEADWAY_REVISION)', stableRevision: '$(HEADWAY_STABLE_REVISION)' };

function valueOf({ roles, values }: MetricContext, name: string): string | undefined {
  const role = roles.get(name);
  if (role) return VARIABLES[role];
  const known = new Set(values.get(name));
  return known.size === 1 ? [...known][0] : undefined;
}
