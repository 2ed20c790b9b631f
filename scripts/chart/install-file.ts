// SPDX-License-Identifier: Apache-2.0
import { helmTemplate } from '../../test/chart/helm.ts';

const NAMESPACE = 'headway-system';

const HEAD = `# SPDX-License-Identifier: Apache-2.0
# Headway with every default of its chart. Made from charts/headway by \`make install-file\`. Do not edit.
#
#   kubectl apply --server-side -f install.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

/** What only Helm's own releases say, and where it says in which template it found an object. */
const OF_HELM = /^(?:# Source: .*| +helm\.sh\/chart: .*| +app\.kubernetes\.io\/managed-by: Helm)\n/gm;

/** deploy/install.yaml: everything that the chart makes by default, for those who do not use Helm. */
export async function installFile(): Promise<string> {
  const manifests = await helmTemplate({ namespace: NAMESPACE });
  const documents = manifests
    .replace(OF_HELM, '')
    .split(/^---$/m)
    .map((document) => document.trim())
    .filter((document) => document !== '');
  return `${HEAD}---\n${documents.join('\n---\n')}\n`;
}
