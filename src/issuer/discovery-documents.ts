import type { PublicJsonWebKey } from './json-web-key';

/** Where everybody looks for the discovery document, below the issuer. */
export const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** Where the API server has its key set, below the issuer, and where we put it. */
export const JWKS_PATH = '/openid/v1/jwks';

/** The key set: what verifies the signatures of tokens. */
export interface JsonWebKeySet {
  readonly keys: readonly PublicJsonWebKey[];
}

/**
 * The discovery document, with the members that an API server gives it.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
}

/** What is published at an issuer. Its URL may be a token. */
export function discoveryDocument(issuer: string, keys: readonly PublicJsonWebKey[], jwksUri = jwksUriOf(issuer)): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: jwksUri,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg }) => alg))].sort(),
  };
}

export function jwksUriOf(issuer: string): string {
  return `${issuer}${JWKS_PATH}`;
}
