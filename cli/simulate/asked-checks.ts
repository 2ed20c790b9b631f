// SPDX-License-Identifier: Apache-2.0
import type { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import { Labels } from '../../operator/api/group.ts';
import type { CheckQuery } from '../../operator/engine/analysis/query-types.ts';
import { resolveChecks } from '../../operator/engine/analysis/resolve.ts';
import type { ResolvedCheck } from '../../operator/engine/analysis/types.ts';
import { type Judged, judgedIn, type KnownRelease } from '../manifests/known.ts';
import { scopeOf } from '../manifests/scope.ts';

type Templates = Readonly<Record<string, AnalysisTemplateSpec>>;

/** What a query of a release asks: for a check, or for the past that its comparison looks at. */
export interface AskedCheck {
  readonly check: ResolvedCheck;
  readonly isHistory: boolean;
}

/** The checks of a release, found by what is asked for them. */
export class AskedChecks {
  /** Names, each once, in the order of the manifest. */
  readonly names: readonly string[];
  /** What keeps checks from being asked, one sentence each. */
  readonly problems: readonly string[];
  private readonly byKey = new Map<string, AskedCheck>();
  private readonly jobs = new Map<string, AskedCheck>();

  constructor(release: KnownRelease, templates: Templates) {
    const names: string[] = [];
    const problems: string[] = [];
    for (const judged of everywhereJudged(release)) {
      const template = templateOf(judged, templates);
      if (!template) {
        problems.push(
          `AnalysisTemplate ${judged.source.templateRef?.name} is not in what was read; add its file with -f`,
        );
        continue;
      }
      const scope = scopeOf(release, judged.when);
      const resolution = resolveChecks({ template, args: judged.source.args ?? [], scope });
      if (resolution.kind === 'invalid') {
        problems.push(
          ...resolution.problems.map((one) => `check ${one.check}, ${one.field}: ${one.message}`),
        );
        continue;
      }
      for (const check of resolution.checks) {
        names.push(check.name);
        this.note(check);
      }
    }
    this.names = [...new Set(names)];
    this.problems = [...new Set(problems)];
  }

  private note(check: ResolvedCheck): void {
    const { query, history } = check;
    if (query.probe?.kind === 'job') this.jobs.set(check.name, { check, isHistory: false });
    this.byKey.set(query.key, { check, isHistory: false });
    if (history) this.byKey.set(history.key, { check, isHistory: true });
  }

  /** Throws an Error for a query of none of the checks. */
  find({ key, probe, expression }: CheckQuery): AskedCheck {
    const job = probe?.kind === 'job' ? this.jobs.get(probe.labels[Labels.check] ?? '') : undefined;
    const found = job ?? this.byKey.get(key);
    if (!found) throw new Error(`no check of the release asks: ${expression}`);
    return found;
  }
}

/** The analysis of a Canary goes on in its bake, about a revision that has all traffic then. */
function everywhereJudged(release: KnownRelease): Judged[] {
  const judged = judgedIn(release);
  const { kind, spec } = release;
  const { analysis, bake } = kind === 'Canary' ? spec : { analysis: undefined, bake: undefined };
  return analysis && bake
    ? [...judged, { source: analysis, path: ['spec', 'analysis'], when: 'after' }]
    : judged;
}

function templateOf({ source }: Judged, templates: Templates) {
  return source.templateRef ? templates[source.templateRef.name] : { checks: source.checks ?? [] };
}
