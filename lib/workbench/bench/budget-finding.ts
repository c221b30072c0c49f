/** One row of the report. */
export interface BudgetFinding {
  readonly what: string;
  readonly budget: string;
  readonly measured: string;
  readonly met: boolean;
  readonly how: string;
}
