import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Stands in for `@aws-sdk/signature-v4-multi-region` in the bundles (esbuild's `--alias`): the client of STS can sign for several Regions at
 * once, which no call of ours does, 4 of 490 kB (measured).
 */
export class SignatureV4MultiRegion extends SignatureV4 {
  /** Which package for such signatures is installed: none. */
  static sigv4aDependency(): 'none' {
    return 'none';
  }
}
