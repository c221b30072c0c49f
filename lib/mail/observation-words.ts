import { type Observation, type ProbeOutcome, UNCLEAR } from '../domain/check/observation.ts';
import { cleanText } from '../domain/outside-text.ts';
import { counted } from './dates.ts';

/** The most characters of AWS's words that are repeated. */
const LONGEST = 600;

/** What a check saw, or why it saw nothing, in one line for the seller. */
export function observationWords(observation: Observation): string {
  switch (observation.kind) {
    case 'seen': {
      const { licenses, foreign, probe, usage } = observation;
      const ours =
        licenses.length === 0 ? 'no license of the product' : counted(licenses.length, 'license');
      const others =
        foreign.length === 0 ? [] : [`${foreign.length} by another issuer, which do not count`];
      return [[ours, ...others].join(', '), probeWords(probe), ...usageWords(usage)].join('; ');
    }
    case 'blind':
    case 'trouble':
    case 'left':
      return cleanText(observation.detail, LONGEST);
    case 'not-looked':
      return 'nobody looked';
    case 'said':
      return 'nobody looked: the seller said something of it';
    case 'topic':
      return `who reads the notice topic was looked at: ${observation.state}`;
  }
}

function probeWords(probe: ProbeOutcome): string {
  switch (probe.outcome) {
    case 'accepted':
      return `a checkout of ${cleanText(probe.entitlementName)} was accepted, ${returned(probe.checkedIn)}`;
    case 'unclear':
      return `a checkout of ${cleanText(probe.entitlementName)} was neither accepted nor refused (${UNCLEAR[probe.what]}), ${returned(probe.checkedIn)}`;
    case 'refused':
      return `a checkout of ${cleanText(probe.entitlementName)} was refused (${cleanText(probe.error)})`;
    case 'not-probed':
      return `no checkout: ${cleanText(probe.reason, LONGEST)}`;
    case 'failed':
      return `the checkout failed: ${cleanText(probe.reason, LONGEST)}`;
  }
}

function returned(checkedIn: boolean): string {
  return checkedIn
    ? 'and returned'
    : 'but not returned: it ends by itself when its time to live is over';
}

function usageWords(usage: Extract<Observation, { kind: 'seen' }>['usage']): readonly string[] {
  if (usage === null || usage.length === 0) return [];
  const used = usage.map(({ name, unit, consumed, maxCount }) => {
    const of = maxCount === null ? '' : ` of ${maxCount}`;
    return `${cleanText(name)} ${consumed}${of}${unit === 'Count' ? '' : ` ${cleanText(unit)}`}`;
  });
  return [`used: ${used.join(', ')}`];
}
