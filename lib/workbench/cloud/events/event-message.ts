/** An event as its targets get it. */
export type EventMessage = Readonly<Record<string, unknown>>;

/** A time as EventBridge writes it. */
export function eventTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
