import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * Where a request comes from. Each of the `trustedProxies` proxies before us appends the address that it was asked from to
 * X-Forwarded-For, so the entry that the outermost of them made counts; what stands before it anybody may have written.
 */
export function clientAddress(c: Context, trustedProxies: number): string {
  const remote = networkOf(getConnInfo(c).remote.address ?? 'unknown');
  if (trustedProxies === 0) return remote;
  const told = (c.req.header('X-Forwarded-For') ?? '').split(',').map((part) => part.trim());
  return networkOf(told.at(-trustedProxies) ?? '') || remote;
}

const GROUPS = 8; // of an IPv6 address; the first half names a network

/** Without the port that some proxies tell. Of IPv6 the network: whoever has one address of it has all 2^64. */
function networkOf(told: string): string {
  const address = told
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, ''); // IPv4, as sockets for both write it
  if (!isIPv6(address)) return address;
  const [head = [], tail = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(Math.max(0, GROUPS - head.length - tail.length)).fill('0');
  const network = [...head, ...zeros, ...tail].slice(0, GROUPS / 2);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
