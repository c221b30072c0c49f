import type { Cloud } from '../cloud/cloud.ts';
import { auditCounts, ledgerRows } from './audit.ts';
import { SELLER_ACCOUNT } from './participants.ts';
import type { ScenarioRun, ScenarioBuyer } from './scenario-run.ts';

/** The ledger of one buyer, 80 columns wide. */
export async function ledgerTable(
  cloud: Cloud,
  table: string,
  { name, accountId, productId }: ScenarioBuyer,
): Promise<string> {
  const contract = `${accountId}#${productId}`;
  const rows = await ledgerRows(cloud, cloud.keys(SELLER_ACCOUNT), table, contract);
  const lines = rows.map(({ entry, observedAt, standing, validityEnd, what }) =>
    [
      entry.replace(/^0+/, '').padStart(3),
      minutes(observedAt),
      standing.padEnd(10),
      validityEnd.slice(0, 10).padEnd(10),
      what.join(', '),
    ].join('  '),
  );
  return [
    `The ledger of ${name} (${contract})`,
    '     seen at           standing    ends        what',
    ...lines,
  ].join('\n');
}

/** What the scenario came to, in counts. */
export async function sum(run: ScenarioRun, table: string, elapsedMs: number): Promise<string> {
  const { cloud, sweepCount } = run;
  const { entries, names } = await auditCounts(cloud, cloud.keys(SELLER_ACCOUNT), table);
  const calls = cloud.calls();
  const perService = Map.groupBy(calls, ([operation]) => operation.split(':')[0] ?? '');
  const callLines = [...perService].map(
    ([service, each]) => `${service} ${each.reduce((total, [, count]) => total + count, 0)}`,
  );
  const lines = [
    `sweeps: ${sweepCount}   checks: ${calls.get('sts:AssumeRole') ?? 0}   entries: ${entries}   e-mails: ${run.notices().length}`,
    `AWS calls: ${callLines.join(', ')}`,
    `changes: ${[...names].map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `seats held: ${cloud.licenseManager.seatsHeld()}`,
    `told in ${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  return lines.flatMap(wrapped).join('\n');
}

const WIDTH = 80;

/** At the spaces; what goes on in the next line is indented. */
function wrapped(line: string): readonly string[] {
  if (line.length <= WIDTH) return [line];
  const at = line.lastIndexOf(' ', WIDTH);
  return at <= 2
    ? [line]
    : [line.slice(0, at).trimEnd(), ...wrapped(`  ${line.slice(at).trimStart()}`)];
}

function minutes(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
