export interface Load {
  readonly checks: number;
  /** Checks under way at the same time. */
  readonly width: number;
  /** An average: with 5.25, every fourth check makes six calls instead of five. */
  readonly callsPerCheck: number;
  readonly callMs: number;
  /** Milliseconds of a whole CPU, for one check. */
  readonly cpuMsPerCheck: number;
  /** The function's share of a CPU. */
  readonly cpuShare: number;
  /**
   * The number of services that a check calls. Each of the checks that run side by side first opens a connection to each service; no
   * connection is kept until the next message.
   */
  readonly services: number;
}

/** Milliseconds of a whole CPU to open a TLS connection. The number is from issue 12, because nothing here can measure Lambda's. */
export const HANDSHAKE_MS = 1;

/** At 1,769 MB a function has one CPU, below in proportion (Lambda developer guide, "Configure Lambda function memory"). */
const MEMORY_OF_ONE_CPU_MB = 1769;

export function cpuShareOf(memoryMb: number): number {
  return Math.min(1, memoryMb / MEMORY_OF_ONE_CPU_MB);
}

interface Lane {
  /** When its answer arrives. */
  readyAt: number;
  callsLeft: number;
  handshakesLeft: number;
}

/**
 * How long an invocation takes, in milliseconds. Checks wait for AWS side by side and take turns on their share of one CPU: each works a
 * little before every call and after the last one, first come, first served.
 */
export function billedDuration({
  checks,
  width,
  callsPerCheck,
  callMs,
  cpuMsPerCheck,
  cpuShare,
  services,
}: Load): number {
  const turnMs = cpuMsPerCheck / (callsPerCheck + 1) / cpuShare;
  const lanes: Lane[] = [];
  let [begun, cpuFreeAt, end] = [0, 0, 0];
  const start = (at: number): void => {
    if (begun === checks) return;
    begun += 1;
    const callsLeft = Math.floor(begun * callsPerCheck) - Math.floor((begun - 1) * callsPerCheck);
    lanes.push({ readyAt: at, callsLeft, handshakesLeft: begun <= width ? services : 0 });
  };
  for (let n = 0; n < width; n += 1) start(0);
  for (let lane = next(lanes); lane !== undefined; lane = next(lanes)) {
    const isOpening = lane.handshakesLeft > 0 && lane.callsLeft > 0;
    if (isOpening) lane.handshakesLeft -= 1;
    cpuFreeAt =
      Math.max(cpuFreeAt, lane.readyAt) + turnMs + (isOpening ? HANDSHAKE_MS / cpuShare : 0);
    if (lane.callsLeft === 0) {
      lanes.splice(lanes.indexOf(lane), 1);
      end = cpuFreeAt;
      start(cpuFreeAt);
    } else {
      lane.callsLeft -= 1;
      lane.readyAt = cpuFreeAt + callMs;
    }
  }
  return end;
}

function next(lanes: readonly Lane[]): Lane | undefined {
  return lanes.reduce<Lane | undefined>(
    (first, lane) => (first === undefined || lane.readyAt < first.readyAt ? lane : first),
    undefined,
  );
}
