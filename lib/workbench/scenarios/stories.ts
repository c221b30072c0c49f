import { AURORA, BOREALIS, CUMULUS } from './cast.ts';
import type { Rehearsal, StoryBuyer } from './rehearsal.ts';
import { START as THREE_BUYERS_START, threeBuyers } from './three-buyers.ts';
import { START as YEAR_START, year } from './year.ts';
import { DRIFT, EMBER, FJORD, GALE, HALO } from './year/cast.ts';

export interface Story {
  readonly start: string;
  readonly buyers: readonly StoryBuyer[];
  readonly tell: (rehearsal: Rehearsal) => Promise<void>;
  /** The file that holds every notice that must reach anyone, and no other. */
  readonly notices: string;
  readonly showLedgerOf: StoryBuyer;
  readonly showMailTo: { readonly email: string; readonly about: string };
}

export const STORIES: Readonly<Record<string, Story>> = {
  'three-buyers': {
    start: THREE_BUYERS_START,
    buyers: [AURORA, BOREALIS, CUMULUS],
    tell: threeBuyers,
    notices: 'three-buyers.notices.txt',
    showLedgerOf: AURORA,
    showMailTo: { email: CUMULUS.email, about: '14 days' },
  },
  year: {
    start: YEAR_START,
    buyers: [AURORA, BOREALIS, CUMULUS, DRIFT, EMBER, FJORD, GALE, HALO],
    tell: year,
    notices: 'year.notices.txt',
    showLedgerOf: GALE,
    showMailTo: { email: AURORA.email, about: 'upgraded' },
  },
};
