import { addressNotes } from '../../src/cli/published-document';

const URL = 'https://oidc.example.com/.well-known/openid-configuration';

test.each([
  '127.0.0.1', '10.0.0.1', '10.255.255.255', '100.64.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '::1', '::ffff:10.0.0.1', 'fd00::1', 'fe80::1',
])('what was read from %s may be out of reach of AWS', address => {
  expect(addressNotes(URL, address)).toEqual([`oidc.example.com is at the private address ${address} from here; AWS reads it from the internet, so check it from outside too`]);
});

test.each(['9.255.255.255', '11.0.0.0', '52.218.0.1', '172.15.255.255', '172.32.0.0', '192.167.1.1', '::ffff:52.218.0.1', '2600:9000::1', '', undefined])('what was read from %s is not', address => {
  expect(addressNotes(URL, address)).toEqual([]);
});
