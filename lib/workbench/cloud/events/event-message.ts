/** An event as targets get it. */
export type EventMessage = Readonly<Record<string, unknown>>;

/** As EventBridge writes a time. */
export function eventTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
