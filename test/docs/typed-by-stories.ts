// SPDX-License-Identifier: Apache-2.0

/** Of docs/kubectl.md. */
export const verbsHeading = 'promote, skip, pause, resume, abort, retry, rollback, admit';

/** Headings below which stories type every line on a real cluster: shared/how-to and shared/plugin of test/e2e. */
export const typedByStories: Readonly<Record<string, readonly string[]>> = {
  'docs/how-to.md': [
    'A canary on a plain Service',
    'A canary on an Ingress',
    'A canary on the Gateway API',
    'A blue-green switch',
    'Judging by metrics',
    'Saying something to a release',
    'With an autoscaler',
  ],
  'docs/kubectl.md': ['get', 'watch', 'status', 'explain', 'history', verbsHeading, 'version'],
  'docs/runbooks.md': ['Runbooks'],
  'docs/spec/blue-green.md': ['The preview Service', 'Asking for something', 'Status'],
  'docs/spec/canary.md': ['Asking for something', 'Phases and conditions'],
  'docs/troubleshooting.md': ['Troubleshooting'],
};

/** What these stories do not type, by page or by page and heading, and who does instead. */
export const typedElsewhere: Readonly<Record<string, string>> = {
  'README.md': 'the same lines stand in docs/how-to.md and docs/spec/canary.md',
  'docs/gitops.md': 'needs Argo CD; test/gitops runs what it would run',
  'docs/how-to.md#How to': 'needs no cluster: commands.test.ts runs them',
  'docs/image.md': 'needs registries and builders; own/image runs the image',
  'docs/install.md': 'the stories of test/e2e/chart and the tests of test/chart, with the image of the node',
  'docs/kubectl-offline.md': 'needs no cluster: the tests of cli/ run these commands',
  'docs/kubectl.md#Install': 'installs for all users; the stories have the plugin on their PATH',
  'docs/kubectl.md#lint, simulate, convert': 'needs no cluster: the tests of cli/ run these commands',
  'docs/migrating.md#What holds for each': 'needs no cluster: the tests of cli/ run these commands',
  'docs/migrating.md#The Rollout has the template in it': 'needs Argo Rollouts, which no test has',
  'docs/migrating.md#From Flagger': 'needs Flagger, which no test has',
  'docs/operator.md': 'an operator outside of the cluster, as test/e2e/own starts it',
  'docs/quickstart.md': 'shared/quickstart',
  'docs/spec/canary.md#Config': 'shared/secrets binds the same role',
  'docs/spec/canary.md#Deleting': 'shared/deleted-after-rollback asks for the same',
};
