import { AURORA, BOREALIS, CUMULUS } from './participants.ts';
import type { ScenarioRun, ScenarioBuyer } from './scenario-run.ts';
import { START as THREE_BUYERS_START, threeBuyers } from './three-buyers.ts';
import { START as YEAR_START, year } from './year.ts';
import { DRIFT, EMBER, FJORD, GALE, HALO, INDIGO, JUNIPER } from './year/participants.ts';

export interface Scenario {
  readonly start: string;
  readonly buyers: readonly ScenarioBuyer[];
  readonly script: (run: ScenarioRun) => Promise<void>;
  /** The file with exactly the notices that must be told. */
  readonly notices: string;
  readonly showLedgerOf: ScenarioBuyer;
  readonly showMailTo: { readonly email: string; readonly about: string };
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'three-buyers': {
    start: THREE_BUYERS_START,
    buyers: [AURORA, BOREALIS, CUMULUS],
    script: threeBuyers,
    notices: 'three-buyers.notices.txt',
    showLedgerOf: AURORA,
    showMailTo: { email: CUMULUS.email, about: '14 days' },
  },
  year: {
    start: YEAR_START,
    buyers: [AURORA, BOREALIS, CUMULUS, DRIFT, EMBER, FJORD, GALE, HALO, INDIGO, JUNIPER],
    script: year,
    notices: 'year.notices.txt',
    showLedgerOf: GALE,
    showMailTo: { email: AURORA.email, about: 'Upgraded' },
  },
};
