// One function in a process of its own, started by `invocation.ts`. In JavaScript, because Node.js would load its
// TypeScript parser into the process that is measured: 17 MB (measured).
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';

/** How often the heap is looked at, in milliseconds. */
const LOOK_EVERY = 5;

let heap = 0;
process.once('message', ({ handlerFile, events, timeoutMs }) => {
  setInterval(() => {
    heap = Math.max(heap, getHeapStatistics().used_heap_size);
  }, LOOK_EVERY).unref();
  run(handlerFile, events, timeoutMs).then(
    (report) => process.send(report, () => process.disconnect()),
    (error) => process.send({ error: String(error?.stack ?? error) }, () => process.exit(1)),
  );
});

async function run(handlerFile, events, timeoutMs) {
  const imported = await spent(() => import(pathToFileURL(handlerFile).href));
  const invocations = [];
  for (const [n, event] of events.entries()) {
    const invocation = await spent(() => imported.result.handler(event, context(n, timeoutMs)));
    invocations.push({
      wallMs: invocation.wallMs,
      cpuMs: invocation.cpuMs,
      answer: invocation.result,
    });
  }
  return {
    import: { wallMs: imported.wallMs, cpuMs: imported.cpuMs },
    invocations,
    peakRssBytes: peakRssBytes(),
    peakHeapBytes: heap,
  };
}

/** Linux hands `maxRSS` on from the process that forked this one (measured: the bench's own), what stands in /proc is this one's. */
function peakRssBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) * 1024;
}

async function spent(work) {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs, cpuMs: (user + system) / 1000 };
}

function context(n, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  return {
    awsRequestId: `bench-${n}`,
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:bench',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: 'bench',
    logStreamName: 'bench',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}
