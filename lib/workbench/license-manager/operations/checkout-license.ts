import { allowance, type Allowance } from '../allowance.ts';
import { candidates, type Candidate } from '../candidates.ts';
import { remember, remembered } from '../client-token.ts';
import { refuse } from '../errors.ts';
import { operation, type Call } from '../operation.ts';
import { take, timeToLive } from '../pool.ts';
import { list, oneOf, STRING, structure, type ValueOf } from '../shape.ts';
import { CLIENT_TOKEN, ENTITLEMENT_DATA } from '../shapes.ts';
import type { Checkout } from '../state.ts';
import type { Switches } from '../switches.ts';
import { MINUTE, zonelessTime } from '../times.ts';
import { digest } from '../ids.ts';

const INPUT = structure(
  ['ProductSKU', 'CheckoutType', 'KeyFingerprint', 'Entitlements', 'ClientToken'],
  {
    ProductSKU: STRING,
    CheckoutType: oneOf('PROVISIONAL', 'PERPETUAL'),
    KeyFingerprint: STRING,
    Entitlements: list(ENTITLEMENT_DATA),
    ClientToken: CLIENT_TOKEN,
    Beneficiary: STRING,
    NodeId: STRING,
  },
);
type Input = ValueOf<typeof INPUT>;

/** `NoEntitlementsAllowedException` means that none is owned, or that all are in use: AWS does not tell which. */
export const checkoutLicense = operation({
  name: 'CheckoutLicense',
  input: INPUT,
  notBuilt: ['Beneficiary', 'NodeId'],
  run: (input, call) => {
    const earlier = replayed(input, call);
    if (earlier !== undefined) return earlier;
    for (const candidate of candidates(input, call)) {
      const given = servable(input, candidate)
        ? allowance(candidate.license, input.Entitlements, call)
        : undefined;
      if (given === undefined) continue;
      const answer = checkOut(input, candidate, given, call);
      remember('CheckoutLicense', input, answer, call);
      return answer;
    }
    return refuse('NoEntitlementsAllowedException', 'No Entitlements Allowed');
  },
});

function replayed(input: Input, call: Call): Record<string, unknown> | undefined {
  const earlier = remembered('CheckoutLicense', input, call);
  if (earlier === undefined) return undefined;
  const { clientTokenReplay, clientTokenMismatch } = call.world.switches;
  switch (earlier.same ? clientTokenReplay : clientTokenMismatch) {
    case 'same-checkout':
      return earlier.answer;
    case 'new-checkout':
      return undefined;
    case 'InvalidParameterValueException':
      return refuse(
        'InvalidParameterValueException',
        `ClientToken '${input.ClientToken}' was used with other parameters`,
      );
  }
}

/**
 * False for a PROVISIONAL checkout of a license without provisional configuration, which is refused as a borrow is without borrow
 * configuration (C).
 */
function servable({ CheckoutType }: Input, { license }: Candidate): boolean {
  return CheckoutType === 'PERPETUAL' || timeToLive(license) !== undefined;
}

function checkOut(
  input: Input,
  { license, grant }: Candidate,
  { allowed, taken }: Allowance,
  { accountId, now, world }: Call,
): Record<string, unknown> {
  const expiresAt = now + (timeToLive(license) ?? 60 * MINUTE);
  const checkout: Checkout = {
    token: world.ids('checkout'),
    license,
    grant,
    accountId,
    type: input.CheckoutType,
    taken,
    issuedAt: now,
    expiresAt,
    returned: false,
  };
  take(checkout, world, now);
  const held = answered(allowed, license.arn, world.switches);
  const answer = {
    CheckoutType: input.CheckoutType,
    LicenseConsumptionToken: checkout.token,
    EntitlementsAllowed: held.allowed,
    IssuedAt: zonelessTime(now),
    Expiration: zonelessTime(expiresAt),
    LicenseArn: held.arn,
  };
  return world.switches.signedToken === 'present'
    ? { ...answer, SignedToken: signedToken(answer) }
    : answer;
}

/** What the answer says was given, which need not be what was given. */
function answered(
  allowed: Allowance['allowed'],
  arn: string,
  { checkoutAnswer }: Switches,
): { readonly allowed: Allowance['allowed']; readonly arn: string } {
  switch (checkoutAnswer) {
    case 'as-asked':
      return { allowed, arn };
    case 'EntitlementsAllowed-empty':
      return { allowed: [], arn };
    case 'EntitlementsAllowed-other-name':
      return { allowed: allowed.map((each) => ({ ...each, Name: `${each.Name}Other` })), arn };
    case 'LicenseArn-other':
      return { allowed, arn: arn.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
  }
}

/**
 * Stands for the license's signature: the members that AWS signs (A), encoded, and a digest instead of the signature. The model gives it at
 * least 4096 characters. Nobody can verify it.
 */
function signedToken(answer: Readonly<Record<string, unknown>>): string {
  const claims = {
    entitlementsAllowed: answer['EntitlementsAllowed'],
    expiration: answer['Expiration'],
    issuedAt: answer['IssuedAt'],
    licenseArn: answer['LicenseArn'],
    licenseConsumptionToken: answer['LicenseConsumptionToken'],
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${digest(payload)}`.padEnd(4096, '0');
}
