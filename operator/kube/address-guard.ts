// SPDX-License-Identifier: Apache-2.0
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Cloud metadata services answer here with credentials; nothing that judges a release lives here. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');

/** What besides is an address of no pod: this machine itself, everybody, nobody, and IPv4 in the clothes of IPv6. */
const notPods = { 4: new BlockList(), 6: new BlockList() };
notPods[4].addSubnet('127.0.0.0', 8, 'ipv4');
notPods[4].addSubnet('0.0.0.0', 8, 'ipv4');
notPods[4].addSubnet('224.0.0.0', 3, 'ipv4');
notPods[6].addAddress('::', 'ipv6');
notPods[6].addAddress('::1', 'ipv6');
notPods[6].addSubnet('::ffff:0:0', 96, 'ipv6');
notPods[6].addSubnet('ff00::', 8, 'ipv6');

/** The address is none that a pod could have: what isRefusedAddress says, loopback, multicast, or no IP address. */
export function isNoPodAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || isRefusedAddress(address)) return true;
  return family === 6 ? notPods[6].check(address, 'ipv6') : notPods[4].check(address, 'ipv4');
}

/** The address must not be called: it is link-local, where clouds serve instance metadata. */
export function isRefusedAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && linkLocal.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** An address that isRefusedAddress stopped a connection. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';

  constructor(host: string) {
    super(`${host} is a link-local address`);
  }
}

/**
 * DNS lookup that fails for names which resolve to a refused address. Checking where the connection is made, not
 * before, leaves no gap in which the name could change its answer.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    const failure = error ?? refusalOf(hostname, addresses);
    const first = addresses?.[0];
    if (failure || !first) callback(failure ?? new Error(`${hostname} has no address`), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function refusalOf(hostname: string, addresses: readonly LookupAddress[]): Error | undefined {
  return addresses.some(({ address }) => isRefusedAddress(address))
    ? new RefusedAddressError(hostname)
    : undefined;
}
