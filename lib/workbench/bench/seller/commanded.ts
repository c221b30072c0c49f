import { type CommandOrder, giveCommand } from './give-command.ts';

/** A command in a process of its own, so that its memory is its own: how `measureSeller` starts it. */
process.once('message', (order: CommandOrder) => {
  void giveCommand(order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});
