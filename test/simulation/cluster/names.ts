// SPDX-License-Identifier: Apache-2.0

/** Names of what a story has. */
export const SERVICE = 'checkout';
export const CANARY_SERVICE = 'checkout-canary';
export const INGRESS = 'shop';
export const HTTP_ROUTE = 'shop';
export const TRAEFIK_SERVICE = 'shop';
export const VIRTUAL_SERVICE = 'shop';
/** The route that is made from a template bears the name of the Canary. */
export const OWN_ROUTE = 'web';
export const GATEWAY = 'edge';
/** What the pods read from, where a story has config. */
export const SETTINGS = 'web-settings';
export const SECRET = 'web-keys';
