/** Excel takes a file without this mark for one of Windows-1252, and spoils every name that is not ASCII. */
export const BYTE_ORDER_MARK = '\ufeff';

/** RFC 4180. csv-stringify puts an apostrophe before a cell that a spreadsheet would take for a formula. */
export const SPREADSHEET = { escape_formulas: true, record_delimiter: 'windows' } as const;
