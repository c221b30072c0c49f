import type { ReportModel } from './model-shape.ts';
import { packed, type Packed, unpacked } from './packed.ts';

type Columns = { readonly [Column in keyof ReportModel['entries']]: Packed };

/** The model as it is stored in the file. */
type PackedModel = Omit<ReportModel, 'buyers' | 'contracts' | 'entries' | 'newsLists'> & {
  readonly buyers: Packed;
  readonly contracts: Packed;
  readonly newsLists: Packed;
  readonly entries: Columns;
};

export function modelJson({ buyers, contracts, entries, newsLists, ...rest }: ReportModel): string {
  const whole: PackedModel = {
    ...rest,
    buyers: packed(buyers),
    contracts: packed(contracts),
    newsLists: packed(newsLists),
    entries: each(entries, packed),
  };
  return JSON.stringify(whole);
}

export function modelOfJson(json: string): ReportModel {
  const { buyers, contracts, entries, newsLists, ...rest } = JSON.parse(json) as PackedModel;
  return {
    ...rest,
    buyers: unpacked(buyers) as ReportModel['buyers'],
    contracts: unpacked(contracts) as ReportModel['contracts'],
    newsLists: unpacked(newsLists) as ReportModel['newsLists'],
    entries: each(entries, unpacked) as ReportModel['entries'],
  };
}

function each<Name extends string, From, To>(
  columns: Readonly<Record<Name, From>>,
  make: (column: From) => To,
): Record<Name, To> {
  const made = Object.entries<From>(columns).map(([name, column]) => [name, make(column)]);
  return Object.fromEntries(made) as Record<Name, To>;
}
