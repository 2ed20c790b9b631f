// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gatewayApi } from './gateway-api.ts';
import { moduleVersion } from './module-crds.ts';
import { traefikCrds } from './traefik-crds.ts';

describe('moduleVersion', () => {
  it('is what Traefik is built with', () => {
    expect(moduleVersion(gatewayApi.modulePath)).toMatch(/^v1\.\d+\.\d+$/);
    expect(moduleVersion(traefikCrds.modulePath)).toMatch(/^v3\.\d+\.\d+$/);
  });

  it('reads an indirect requirement', () => {
    const text = 'require (\n\tsigs.k8s.io/gateway-api v1.6.1 // indirect\n\tsigs.k8s.io/json v0.0.0\n)';
    expect(moduleVersion(gatewayApi.modulePath, text)).toBe('v1.6.1');
  });

  it('refuses a go.mod without it', () => {
    expect(() => moduleVersion(gatewayApi.modulePath, 'module x\n')).toThrow(
      'does not require sigs.k8s.io/gateway-api',
    );
  });
});
