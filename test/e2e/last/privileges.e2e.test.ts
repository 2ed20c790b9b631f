// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditLogPath } from '../../cluster/faults.ts';
import { type Grant, granted } from '../audit/grants.ts';
import { asServedIn, compare } from '../audit/privileges.ts';
import { type PrivilegeLog, readPrivileges } from '../audit/read-privileges.ts';
import { describeRight } from '../audit/rights.ts';
import { type Use, used } from '../audit/uses.ts';
import {
  clusterName,
  namespacedAccount,
  namespacedUser,
  operatorAccount,
  operatorNamespace,
  operatorUser,
} from '../support/world.ts';

let log: PrivilegeLog;

/** Over all that operators have asked for since the whole suite began, and every role that there was. */
beforeAll(async () => {
  const { HEADWAY_SUITE_SINCE: since } = process.env;
  if (since === undefined)
    throw new Error(
      'HEADWAY_SUITE_SINCE is not set: this is about the whole suite, `make e2e` without STORY and MODE',
    );
  const users = [operatorUser, namespacedUser];
  log = await readPrivileges(auditLogPath(clusterName()), { users, sinceMs: Number(since) });
}, 120_000);

function usesOf(user: string): Use[] {
  return used(log.requests.filter((request) => request.user === user));
}

/** Namespaces that are named, but for the operator's own. */
function servedBy(grants: readonly Grant[]): string[] {
  const named = grants.map(({ namespace }) => namespace).filter((one) => one !== undefined);
  return [...new Set(named)].filter((one) => one !== operatorNamespace);
}

function texts(grants: readonly Grant[]): string[] {
  return grants.map(describeRight).toSorted();
}

describe('the rights of an operator of all namespaces', () => {
  it('are those that it used, no more and no less', () => {
    expect(compare(granted(log.objects, operatorAccount), usesOf(operatorUser))).toEqual([]);
  });
});

describe('the rights of an operator of one namespace', () => {
  // What its two releases did not need, others needed: it is the same program, with the same rights, in one place alone.
  it('are those that it, or the other in its place, used, no more and no less', () => {
    const everywhere = granted(log.objects, operatorAccount);
    const here = granted(log.objects, namespacedAccount);
    const [namespace = '', ...others] = servedBy(here);
    expect(others).toEqual([]);
    const elsewhere = asServedIn(namespace, usesOf(operatorUser), everywhere);
    expect(compare(here, [...usesOf(namespacedUser), ...elsewhere])).toEqual([]);
  });

  it('are used by itself where they are about the whole cluster, which is to read where metrics are', () => {
    const grants = granted(log.objects, namespacedAccount).filter(({ namespace }) => namespace === undefined);
    expect(texts(grants)).toEqual([
      '`list` on `metricsproviders.headway.dev`',
      '`watch` on `metricsproviders.headway.dev`',
    ]);
    const uses = usesOf(namespacedUser).filter(({ namespace }) => namespace === '');
    expect(compare(grants, uses)).toEqual([]);
  });
});
