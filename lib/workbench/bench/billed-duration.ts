export interface Load {
  readonly checks: number;
  /** Checks under way at the same time. */
  readonly width: number;
  readonly callsPerCheck: number;
  readonly callMs: number;
  /** Of a whole CPU, for one check. */
  readonly cpuMsPerCheck: number;
  /** The function's share of a CPU. */
  readonly cpuShare: number;
}

/** At 1,769 MB a function has one CPU, below in proportion (Lambda developer guide, "Configure Lambda function memory"). */
const MEMORY_OF_ONE_CPU_MB = 1769;

export function cpuShareOf(memoryMb: number): number {
  return Math.min(1, memoryMb / MEMORY_OF_ONE_CPU_MB);
}

interface Lane {
  /** When its answer is there. */
  readyAt: number;
  callsLeft: number;
}

/**
 * How long an invocation takes, in milliseconds, where checks wait for AWS side by side and take turns on their share of one CPU: each
 * works a little before every call and after the last. First come, first served.
 */
export function billedDuration({
  checks,
  width,
  callsPerCheck,
  callMs,
  cpuMsPerCheck,
  cpuShare,
}: Load): number {
  const turnMs = cpuMsPerCheck / (callsPerCheck + 1) / cpuShare;
  const lanes: Lane[] = [];
  let [waiting, cpuFreeAt, end] = [checks, 0, 0];
  const start = (at: number): void => {
    if (waiting === 0) return;
    waiting -= 1;
    lanes.push({ readyAt: at, callsLeft: callsPerCheck });
  };
  for (let n = 0; n < width; n += 1) start(0);
  for (let lane = next(lanes); lane !== undefined; lane = next(lanes)) {
    cpuFreeAt = Math.max(cpuFreeAt, lane.readyAt) + turnMs;
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
