import tab from '@bomb.sh/tab/commander';
import type { AddCommand } from '../command.ts';

/** Has to be added last, because it completes the commands that are there. Its library writes to standard output itself. */
export const addComplete: AddCommand = (program) => {
  tab(program);
  program.commands
    .find((command) => command.name() === 'complete')
    ?.description('Print the script with which your shell completes commands and options.')
    .addHelpText(
      'after',
      `
Completion works for the command license-watcher: run "npm link" in the
checkout first, or use
  alias license-watcher="npx license-watcher"
Bash needs the package bash-completion.

Examples:
  $ source <(license-watcher complete bash)      # or in ~/.bashrc
  $ source <(license-watcher complete zsh)       # or in ~/.zshrc
  $ license-watcher complete fish \\
      > ~/.config/fish/completions/license-watcher.fish`,
    );
};
