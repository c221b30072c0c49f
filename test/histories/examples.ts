import type { Event, History, Setting } from './events.ts';
import { HONEST } from './licenses-in-memory.ts';

/** Histories that were told falsely once, each by the fault it shows. They stay, whatever chance finds. */

const SETTING: Setting = {
  pricing: 'floating',
  intervalMinutes: 15,
  daysLeft: 100,
  confirmed: true,
  indexLags: false,
};
const ENDING: Setting = { ...SETTING, daysLeft: 1 };

function sweeps(count: number, first: 'checks' | 'notices' = 'checks'): Event {
  return { what: 'sweeps', count, first, check: 'once' };
}
const seats = (count: number, of: 'ReadOnly' | 'Admin' = 'ReadOnly'): Event => ({
  what: 'seats',
  of,
  count,
});
const moves = (days: number): Event => ({ what: 'end moves', days });
const renewed = (license: 'same' | 'another' = 'another'): Event => ({
  what: 'renewed',
  license,
  gapDays: 0,
  seats: 0,
});
const status = (is: 'AVAILABLE' | 'SUSPENDED'): Event => ({ what: 'status', status: is });
const stack = (is: 'deleted' | 'made'): Event => ({ what: 'stack', is });
const role = (stands: boolean): Event => ({ what: 'role', stands });
const FAILING: Event = { what: 'answers', lag: { ...HONEST, failing: 'InternalServerException' } };
const RIGHT: Event = { what: 'answers', lag: HONEST };
const PAST_THE_END: Event = { what: 'until the end', minutes: 5 };

export const EXAMPLES: Readonly<Record<string, History>> = {
  'the stack is deleted while an end settles, and made again after the renewal': {
    setting: ENDING,
    events: [PAST_THE_END, sweeps(1), stack('deleted'), renewed(), stack('made'), sweeps(6)],
  },
  'the stack is deleted while a suspension settles, and made again after it': {
    setting: SETTING,
    events: [
      status('SUSPENDED'),
      sweeps(1),
      stack('deleted'),
      status('AVAILABLE'),
      stack('made'),
      sweeps(6),
    ],
  },
  'the stack is deleted while lost seats settle, and made again after they came back': {
    setting: SETTING,
    events: [seats(3), sweeps(1), stack('deleted'), seats(5), stack('made'), sweeps(6)],
  },
  'seats 5, 3, 4 within the hour': {
    setting: SETTING,
    events: [seats(3), sweeps(1), seats(4), sweeps(1)],
  },
  'seats 5, 3, 5 within the hour': {
    setting: SETTING,
    events: [seats(3), sweeps(1), seats(5), sweeps(1)],
  },
  'an end that moves back 40 days and forward 10': {
    setting: SETTING,
    events: [moves(-40), sweeps(1), moves(10), sweeps(1)],
  },
  'seats lost, and another dimension gained within the hour': {
    setting: SETTING,
    events: [seats(3), sweeps(1), seats(5, 'Admin'), sweeps(1)],
  },
  'an interval above an hour, and a notice that overtakes the check of its sweep': {
    setting: { ...ENDING, intervalMinutes: 120 },
    events: [PAST_THE_END, sweeps(1), renewed(), sweeps(1, 'notices')],
  },
  'looks that fail after the first sight of an end, until the hour is over': {
    setting: ENDING,
    events: [PAST_THE_END, sweeps(1), FAILING, sweeps(5), renewed(), RIGHT, sweeps(1)],
  },
  'a role that is lost after the first sight of an end, until the hour is over': {
    setting: ENDING,
    events: [PAST_THE_END, sweeps(1), role(false), sweeps(5), renewed(), role(true), sweeps(1)],
  },
  'sweeps that pause after the first sight of an end, until the hour is over': {
    setting: ENDING,
    events: [PAST_THE_END, sweeps(1), renewed(), { what: 'pause', hours: 3 }, sweeps(1, 'notices')],
  },
  'two renewals seen at once by a look that is doubted: neither a gap nor a loss': {
    setting: ENDING,
    events: [
      renewed(),
      { what: 'grant', state: 'ACTIVE' },
      { what: 'renewed', license: 'another', gapDays: 0, seats: 9 },
      { what: 'answers', lag: { ...HONEST, apart: -1 } },
      { what: 'pause', hours: 240 },
      sweeps(6),
    ],
  },
  'an end, and then a renewal with fewer seats, before anybody confirmed the topic': {
    setting: { ...ENDING, confirmed: false },
    events: [
      PAST_THE_END,
      sweeps(6),
      { what: 'renewed', license: 'another', gapDays: 0, seats: 3 },
      { what: 'topic', is: 'confirmed' },
      sweeps(4),
    ],
  },
  'intervals above an hour, and a look that somebody asks for a minute before a sweep': {
    setting: { ...ENDING, intervalMinutes: 120 },
    events: [PAST_THE_END, { what: 'asked' }, sweeps(1)],
  },
  'a look that somebody asks for, with a reminder, just before a sweep: together they make no license gone':
    {
      setting: { ...SETTING, daysLeft: 8 },
      events: [
        { what: 'removed' },
        { what: 'pause', hours: 30 },
        { what: 'sweeps', count: 1, first: 'checks', check: 'late' },
        { what: 'asked' },
        sweeps(1),
        { what: 'pause', hours: 7 },
        sweeps(1),
      ],
    },
  'a license that leaves the list minutes before its end: that it gets another name begins no second hour':
    {
      setting: ENDING,
      events: [
        { what: 'answers', lag: { ...HONEST, missing: true } },
        { what: 'until the end', minutes: -20 },
        sweeps(8),
      ],
    },
  'a license told as gone that comes back suspended, and with another tier': {
    setting: { ...SETTING, pricing: 'tiered' },
    events: [
      { what: 'answers', lag: { ...HONEST, missing: true } },
      sweeps(8),
      { what: 'tier', tier: 'BasicTier' },
      status('SUSPENDED'),
      RIGHT,
      sweeps(6),
      renewed(),
      sweeps(6),
    ],
  },
  'a version that no look saw, answered late': {
    setting: SETTING,
    events: [
      moves(40),
      renewed('same'),
      sweeps(1),
      { what: 'answers', lag: { ...HONEST, stale: 1 } },
      sweeps(2),
      RIGHT,
      sweeps(1),
    ],
  },
};
