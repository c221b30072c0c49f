import { CHANGE_TYPES, type ChangeType } from '../check/changes.ts';
import type { Product } from '../license/product.ts';

/** What somebody wants to see a notice of. */
export type Wish =
  | { readonly kind: 'change'; readonly type: ChangeType }
  | { readonly kind: 'reminder'; readonly rung: number };

/** `LicenseRenewed`, in any case; `reminder-30`, 30 days before the end; `reminder+1`, a day after it. Undefined: neither. */
export function wishOf(text: string): Wish | undefined {
  const [, sign, days] = /^reminder([-+])(\d{1,4})$/i.exec(text) ?? [];
  if (sign !== undefined && Number(days) > 0) {
    return { kind: 'reminder', rung: sign === '-' ? Number(days) : -Number(days) };
  }
  const type = CHANGE_TYPES.find((each) => each.toLowerCase() === text.toLowerCase());
  return type && { kind: 'change', type };
}

/** As `wishOf` reads it. */
export function nameOf(wish: Wish): string {
  if (wish.kind === 'change') return wish.type;
  return wish.rung > 0 ? `reminder-${wish.rung}` : `reminder+${-wish.rung}`;
}

/** Whatever may happen to a contract of the product: all changes, and the reminders of its ladder. */
export function wishesOf({ rungs }: Pick<Product, 'rungs'>): readonly Wish[] {
  return [
    ...CHANGE_TYPES.map((type) => ({ kind: 'change' as const, type })),
    ...rungs.filter((rung) => rung !== 0).map((rung) => ({ kind: 'reminder' as const, rung })),
  ];
}
