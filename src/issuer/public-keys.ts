import type { KeyObject } from 'node:crypto';
import * as fs from 'node:fs';
import { type PublicJsonWebKey, toJsonWebKey } from './json-web-key';
import { keyInDer, keysInFile, keysInPem } from './read-public-keys';
import { isKeyLike, shownPath } from '../identity/key-like';

/**
 * The public keys of a cluster's service account tokens: what `--service-account-key-file` of its API server names.
 *
 * RSA from 2,048 bits, and EC on P-256, P-384 and P-521. A private key is refused, and no message has any of it.
 *
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 */
export class PublicKeys {
  /**
   * Keys in files: PEM with one key or several, or DER.
   *
   * @param files paths, relative to the working directory: `cdk` runs an app in the folder of `cdk.json`
   */
  public static fromFile(...files: string[]): PublicKeys {
    return PublicKeys.of('file', files, file => keysInFile(read(file), `'${file}'`));
  }

  /**
   * Keys in PEM, one or several in each text.
   *
   * @param pem what begins with `-----BEGIN PUBLIC KEY-----` (or `RSA PUBLIC KEY`, or `CERTIFICATE`)
   */
  public static fromPem(...pem: string[]): PublicKeys {
    return PublicKeys.of('text', pem, text => keysInPem(text, 'the PEM text'));
  }

  /**
   * Keys in DER (SubjectPublicKeyInfo), one in each text.
   *
   * @param der in base64
   */
  public static fromDer(...der: string[]): PublicKeys {
    return PublicKeys.of('text', der, text => {
      if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) {
        throw new Error('the DER key is not in base64; for text that begins with -----BEGIN use PublicKeys.fromPem');
      }
      return [keyInDer(Buffer.from(text, 'base64'), 'the DER key')];
    });
  }

  private static of(what: string, sources: string[], keysIn: (source: string) => KeyObject[]): PublicKeys {
    if (sources.length === 0) {
      throw new Error(`no ${what} is given; an issuer has one public key at least`);
    }
    return new PublicKeys(sources.flatMap(keysIn).map(toJsonWebKey));
  }

  /** The `kid` of each key, as the API server computes it and puts it into the header of its tokens. */
  public readonly keyIds: string[];

  /** @internal */
  public readonly _keys: readonly PublicJsonWebKey[];

  private constructor(keys: readonly PublicJsonWebKey[]) {
    this._keys = [...new Map(keys.map(key => [key.kid, key])).values()];
    this.keyIds = this._keys.map(({ kid }) => kid);
  }

  /** These keys and others, side by side: for a rotation. One that is in both counts once. */
  public and(others: PublicKeys): PublicKeys {
    return new PublicKeys([...this._keys, ...others._keys]);
  }
}

function read(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    // a key where its path should be must not end up in a message
    if (isKeyLike(file)) {
      throw new Error('PublicKeys.fromFile takes the path of a file, and got the key itself; use PublicKeys.fromPem or PublicKeys.fromDer');
    }
    throw new Error(`${shownPath(file)} cannot be read (${(error as NodeJS.ErrnoException).code}): the file of the API server's --service-account-key-file is expected`);
  }
}
