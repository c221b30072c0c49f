import type { Command } from 'commander';
import { WatcherNotFound } from '../../../aws/watcher-stack-outputs.ts';
import type { AddCommand } from '../../command.ts';
import { connectionOf, type ConnectionOptions } from '../../connect/connection.ts';
import { misuse } from '../../output/failure.ts';
import { doctor, type DoctorOptions } from './doctor.ts';

export const addDoctor: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('doctor')
    .description('Whether the deployment is healthy, with the remedy of each thing that is not.')
    .argument('[account]', 'AWS account ID or whole name of one buyer: try no other')
    .option('--no-buyers', 'try the permissions of no buyer')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (account: string | undefined, options: DoctorOptions, command: Command) => {
      if (account !== undefined && !options.buyers)
        throw misuse(`--no-buyers tries no buyer, yet ${account} is named: leave out one of them`);
      const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
      const health = await io.examine(connection);
      const examine = (watcher: Parameters<Parameters<typeof withWatcher>[1]>[0] | undefined) =>
        doctor(account, options, { connection, health, watcher }, io);
      try {
        await withWatcher(command, examine);
      } catch (error) {
        if (!(error instanceof WatcherNotFound) || health.stack.missingOutputs.length === 0)
          throw error;
        await examine(undefined);
      }
    });
};

const HELP = `
It looks at the stack and its outputs, the schedule and the last sweep, the
queues and their dead letters, the alarms, who is subscribed to the topics; then
has the function register-buyer try each permission of every registered buyer,
as their stacks had it tried. It changes nothing: a checkout that is tried is
checked in at once.

What these credentials may not see is a warning, and the rest is told. They
need, beside what "buyers" needs: cloudformation:ListStackResources,
scheduler:GetSchedule, sqs:GetQueueAttributes, cloudwatch:DescribeAlarms,
sns:ListSubscriptionsByTopic, lambda:InvokeFunction.

In JSON: at, deployment, region, healthy, findings; of each finding area, level
(ok, warning, failure), what, detail, remedy, runbook (a heading of
docs/runbook.md). Members are added, never renamed or removed.

Exit codes: 0 no failure, with or without warnings; 1 a failure.

Examples:
  $ license-watcher doctor
  $ license-watcher doctor 111122223333
  $ license-watcher doctor --no-buyers --json`;
