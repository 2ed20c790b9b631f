// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gatewayApi } from './gateway-api.ts';
import { documentsNamed, moduleVersion } from './module-crds.ts';
import { istioCrds } from './istio-crds.ts';
import { monitoringCrds } from './monitoring-crds.ts';
import { traefikCrds } from './traefik-crds.ts';

describe('moduleVersion', () => {
  it('is what the part requires', () => {
    expect(moduleVersion(gatewayApi)).toMatch(/^v1\.\d+\.\d+$/);
    expect(moduleVersion(traefikCrds)).toMatch(/^v3\.\d+\.\d+$/);
    expect(moduleVersion(istioCrds)).toMatch(/^v1\.\d+\.\d+$/);
    expect(moduleVersion(monitoringCrds)).toBe('v0.85.0');
  });

  it('reads an indirect requirement', () => {
    const text = 'require (\n\tsigs.k8s.io/gateway-api v1.6.1 // indirect\n\tsigs.k8s.io/json v0.0.0\n)';
    expect(moduleVersion(gatewayApi, text)).toBe('v1.6.1');
  });

  it('refuses a go.mod without it', () => {
    expect(() => moduleVersion(gatewayApi, 'module x\n')).toThrow('does not require sigs.k8s.io/gateway-api');
  });
});

describe('documentsNamed', () => {
  const text =
    '# generated\nkind: A\nmetadata:\n  name: a.x\n---\nkind: B\nmetadata:\n  name: b.x\nspec: 1\n---\n';

  it('leaves out what is not wanted', () => {
    expect(documentsNamed(text, ['b.x'])).toBe('kind: B\nmetadata:\n  name: b.x\nspec: 1\n');
    expect(documentsNamed(text, ['b.x', 'a.x'])).toContain('spec: 1\n---\n# generated');
  });

  it('says what is missing', () => {
    expect(() => documentsNamed(text, ['b.x', 'c.x'])).toThrow('there is no c.x in it');
  });
});
