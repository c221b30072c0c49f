import { cleanText } from '../domain/outside-text.ts';
import type { SellersOwn } from '../domain/registration/buyer.ts';

/** `Contact: Grace Okafor; +1 555 0100. Owner: Ada Moreau.`; empty if nothing is kept. */
export function peopleLines({ owner, contacts = [] }: SellersOwn): readonly string[] {
  const people = [
    ...(contacts.length === 0
      ? []
      : [`Contact: ${contacts.map((each) => cleanText(each, 200)).join('; ')}.`]),
    ...(owner === undefined ? [] : [`Owner: ${cleanText(owner)}.`]),
  ];
  return people.length === 0 ? [] : [people.join(' ')];
}
