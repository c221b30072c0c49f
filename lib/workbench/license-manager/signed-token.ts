import { digest } from './ids.ts';

/**
 * Stands for the license's signature: the members AWS signs (A), encoded, and a digest where the signature would be. The
 * model gives it at least 4096 characters. Nobody can verify it.
 */
export function signedToken(answer: Readonly<Record<string, unknown>>): string {
  const claims = {
    entitlementsAllowed: answer['EntitlementsAllowed'],
    expiration: answer['Expiration'],
    issuedAt: answer['IssuedAt'],
    licenseArn: answer['LicenseArn'],
    licenseConsumptionToken: answer['LicenseConsumptionToken'],
    nodeId: answer['NodeId'],
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${digest(payload)}`.padEnd(4096, '0');
}
