import type { Rehearsal } from './rehearsal.ts';
import { aurora } from './year/aurora.ts';
import { borealis } from './year/borealis.ts';
import { calendar } from './year/calendar.ts';
import { cumulus } from './year/cumulus.ts';
import { drift } from './year/drift.ts';
import { ember } from './year/ember.ts';
import { everybody } from './year/everybody.ts';
import { fjord } from './year/fjord.ts';
import { gale } from './year/gale.ts';
import { halo } from './year/halo.ts';
import { Stage } from './year/stage.ts';

export const START = '2026-01-05T08:45:00Z';
const END = '2027-03-05T00:00:00Z';

const PLOTS = [aurora, borealis, cumulus, drift, ember, fjord, gale, halo, everybody];

/**
 * Fourteen months of eight buyers: a sweep at every midnight, and at every tick around whatever happens. What must reach whom
 * stands beside each scene, and all of it in `year.notices.txt`.
 */
export async function year(story: Rehearsal): Promise<void> {
  const stage = new Stage(story);
  for (const { at, scene } of calendar(PLOTS, START, END)) {
    await story.at(new Date(at).toISOString());
    if (scene === undefined) {
      story.fire();
      continue;
    }
    story.say(scene.says);
    await scene.do?.(stage);
  }
  await story.at(END);
}
