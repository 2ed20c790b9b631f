// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gatewayApiVersion } from './gateway-api.ts';

describe('gatewayApiVersion', () => {
  it('is what Traefik is built with', () => {
    expect(gatewayApiVersion()).toMatch(/^v1\.\d+\.\d+$/);
  });

  it('reads an indirect requirement', () => {
    const text = 'require (\n\tsigs.k8s.io/gateway-api v1.6.1 // indirect\n\tsigs.k8s.io/json v0.0.0\n)';
    expect(gatewayApiVersion(text)).toBe('v1.6.1');
  });

  it('refuses a go.mod without it', () => {
    expect(() => gatewayApiVersion('module x\n')).toThrow('does not require sigs.k8s.io/gateway-api');
  });
});
