import { ecPair, rsaPair } from './helpers';
import { discoveryDocument } from '../../src/issuer/discovery-documents';
import { toJsonWebKey } from '../../src/issuer/json-web-key';

const ISSUER = 'https://oidc.example.com/cluster';
const rsa = toJsonWebKey(rsaPair().publicKey);
const [ec256, ec384, ec521] = ['P-256', 'P-384', 'P-521'].map(curve => toJsonWebKey(ecPair(curve).publicKey));

test('has the members of an API server, in its order', () => {
  expect(JSON.stringify(discoveryDocument(ISSUER, [rsa]))).toBe(JSON.stringify({
    issuer: ISSUER,
    jwks_uri: `${ISSUER}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }));
});

test.each([
  [[rsa], ['RS256']],
  [[ec384], ['ES384']],
  [[rsa, rsa, ec256], ['ES256', 'RS256']],
  [[ec521, rsa, ec384, ec256], ['ES256', 'ES384', 'ES512', 'RS256']],
])('algorithms follow from the keys, each once and sorted (%#)', (keys, algorithms) => {
  expect(discoveryDocument(ISSUER, keys).id_token_signing_alg_values_supported).toEqual(algorithms);
});

test('the key set may be elsewhere', () => {
  expect(discoveryDocument(ISSUER, [rsa], 'https://keys.example.com/a').jwks_uri).toBe('https://keys.example.com/a');
});
