import { CHANGE_TYPES, type ChangeType } from '../check/changes.ts';
import type { Product } from '../license/product.ts';

/** What somebody wants to see a notice of. */
export type Selection =
  | { readonly kind: 'change'; readonly type: ChangeType }
  | { readonly kind: 'reminder'; readonly daysBefore: number };

/** `LicenseRenewed`, in any case; `reminder-30`, 30 days before the end; `reminder+1`, a day after it. Undefined: neither. */
export function parseSelection(text: string): Selection | undefined {
  const [, sign, days] = /^reminder([-+])(\d{1,4})$/i.exec(text) ?? [];
  if (sign !== undefined && Number(days) > 0) {
    return { kind: 'reminder', daysBefore: sign === '-' ? Number(days) : -Number(days) };
  }
  const type = CHANGE_TYPES.find((each) => each.toLowerCase() === text.toLowerCase());
  return type && { kind: 'change', type };
}

/** As `wishOf` reads it. */
export function selectionName(wish: Selection): string {
  if (wish.kind === 'change') return wish.type;
  return wish.daysBefore > 0 ? `reminder-${wish.daysBefore}` : `reminder+${-wish.daysBefore}`;
}

/** Whatever may happen to a contract of the product: all changes, and the reminders of its schedule. */
export function selectionsOf({
  reminderDays,
}: Pick<Product, 'reminderDays'>): readonly Selection[] {
  return [
    ...CHANGE_TYPES.map((type) => ({ kind: 'change' as const, type })),
    ...reminderDays
      .filter((daysBefore) => daysBefore !== 0)
      .map((daysBefore) => ({ kind: 'reminder' as const, daysBefore })),
  ];
}
