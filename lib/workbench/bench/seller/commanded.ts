import { type CommandOrder, giveCommand } from './give-command.ts';

/** The process in which `measureSeller` runs a command, so that the measured memory is only the command's. */
process.once('message', (order: CommandOrder) => {
  void giveCommand(order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});
