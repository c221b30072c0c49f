import { Option, type Command } from 'commander';
import type { AddCommand } from '../../command.ts';
import { ACCOUNT_ARGUMENT, accountMeant } from '../../output/account.ts';
import { roleArnOf, topicArnOf } from './arns.ts';
import { register, type RegisterOptions } from './register.ts';

export const addRegister: AddCommand = (program, { io, withWatcher }) => {
  const yesOrNo = (flags: string, description: string) =>
    new Option(flags, description).choices(['yes', 'no']).default('yes');
  program
    .command('register')
    .description('Register an invited buyer who made role and topic without our stack.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('<role-arn>', 'the reading role, under the path /license-watcher-buyer/')
    .argument('<topic-arn>', 'the notice topic, called <prefix>-NoticeTopic-<suffix>')
    .addOption(yesOrNo('--probe <yes|no>', 'the role may check out and check in'))
    .addOption(yesOrNo('--share-usage <yes|no>', 'the role may read usage'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
For a buyer who has to use infrastructure code of its own. The role must trust
the watcher with the ExternalId of the invitation ("license-watcher invite
--json" prints it), the topic must let it publish: the buyer template shows
both. They are verified as a stack's are: the role is assumed, each permission
is tried, the first check follows at once.

A role that was made a minute ago may take another minute: try again. Given
again with another role or topic, the command replaces them. A stack of the
buyer that registers later takes over. Without a stack nobody says farewell:
when the buyer leaves, "license-watcher revoke" ends the watch.

Examples:
  $ license-watcher register 111122223333 \\
      arn:aws:iam::111122223333:role/license-watcher-buyer/reader \\
      arn:aws:sns:us-east-1:111122223333:acme-NoticeTopic-1 --share-usage no`,
    )
    .action(
      (
        account: string,
        role: string,
        topic: string,
        options: RegisterOptions,
        command: Command,
      ) => {
        return withWatcher(command, async (watcher) => {
          const buyerAccountId = await accountMeant(account, watcher);
          const roleArn = roleArnOf(role, buyerAccountId);
          const noticeTopicArn = topicArnOf(topic, buyerAccountId, watcher.region);
          return register({ buyerAccountId, roleArn, noticeTopicArn }, options, watcher, io);
        });
      },
    );
};
