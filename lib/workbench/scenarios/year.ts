import type { ScenarioRun } from './scenario-run.ts';
import { aurora } from './year/aurora.ts';
import { borealis } from './year/borealis.ts';
import { calendar } from './year/calendar.ts';
import { cumulus } from './year/cumulus.ts';
import { drift } from './year/drift.ts';
import { ember } from './year/ember.ts';
import { fjord } from './year/fjord.ts';
import { gale } from './year/gale.ts';
import { halo } from './year/halo.ts';
import { indigo } from './year/indigo.ts';
import { juniper } from './year/juniper.ts';
import { ScenarioActions } from './year/actions.ts';
import { failLicenseManager, refuseAllRoles } from './year/incidents.ts';
import type { Script } from './year/step.ts';

export const START = '2026-01-05T08:45:00Z';
const END = '2027-03-05T00:00:00Z';

/** Trouble that all buyers have at once is not the buyers' own: no notice tells it (rule 3). */
const everybody: Script = [
  {
    from: '2026-05-27T13:10:00Z',
    until: '2026-05-27T16:10:00Z',
    says: 'License Manager fails for everybody',
    over: 'License Manager answers again, after 3 hours',
    begin: (actions) => failLicenseManager(actions),
  },
  {
    // Each refusal looks like a deleted role, but more than a tenth of all checks at once cannot be the buyers' doing.
    from: '2026-10-13T08:05:00Z',
    until: '2026-10-13T10:05:00Z',
    says: 'STS refuses every role',
    over: 'STS lets the watcher in again, after 2 hours',
    begin: (actions) => refuseAllRoles(actions),
    ticks: 8,
  },
];

const SCRIPTS = [
  aurora,
  borealis,
  cumulus,
  drift,
  ember,
  fjord,
  gale,
  halo,
  indigo,
  juniper,
  everybody,
];

/**
 * Fourteen months of ten buyers, with a sweep at every midnight and at every tick around each event. The comment beside each step
 * says who must be told what, and `year.notices.txt` lists all of it.
 */
export async function year(scenario: ScenarioRun): Promise<void> {
  const actions = new ScenarioActions(scenario);
  for (const { at, step } of calendar(SCRIPTS, START, END)) {
    await scenario.at(new Date(at).toISOString());
    if (step === undefined) {
      scenario.fire();
      continue;
    }
    scenario.say(step.says);
    await step.do?.(actions);
  }
  await scenario.at(END);
}
