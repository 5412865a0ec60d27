import { BlockList, isIP } from 'node:net';
import { isMap, listOf } from './webhook/pod-template';

/** The metadata service of EC2. */
const ADDRESSES = ['169.254.169.254', 'fd00:ec2::254'];
const PORT = 80;

/** Whether a network policy lets its pods out to the metadata service of their node, as it stands in the manifest. */
export function reachesMetadata(policy: unknown): boolean {
  const { egress } = (isMap(policy) ? policy : {}) as { egress?: unknown };
  return listOf<Rule>(egress).filter(isMap).some(rule => opensPort(listOf(rule.ports)) && reaches(listOf(rule.to)));
}

interface Rule {
  readonly ports?: unknown;
  readonly to?: unknown;
}

interface Port {
  readonly port?: unknown;
  readonly endPort?: unknown;
  readonly protocol?: unknown;
}

interface Peer {
  readonly ipBlock?: { readonly cidr?: unknown; readonly except?: unknown };
}

/** No ports are all ports. A port by its name is one of a pod. */
function opensPort(ports: readonly Port[]): boolean {
  return ports.length === 0 || ports.some(({ port, endPort = port, protocol = 'TCP' }) =>
    protocol === 'TCP' && (port === undefined || Number(port) <= PORT && PORT <= Number(endPort)));
}

/** No peers are everybody. The node is no pod, which selectors could select. */
function reaches(peers: readonly Peer[]): boolean {
  return peers.length === 0 || peers.some(({ ipBlock }) => ipBlock !== undefined && ADDRESSES.some(address =>
    contains(ipBlock.cidr, address) && !listOf(ipBlock.except).some(range => contains(range, address))));
}

function contains(cidr: unknown, address: string): boolean {
  const [net, bits] = String(cidr).split('/');
  const family = isIP(net);
  const prefix = Number(bits);
  if (family !== isIP(address) || !(prefix >= 0 && prefix <= (family === 4 ? 32 : 128))) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(net, prefix, type);
  return list.check(address, type);
}
