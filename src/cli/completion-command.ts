import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from './completion.ts';

/** `assay completion bash|zsh|fish`. */
export function describeCompletion(command: Command, program: Command): void {
  command
    .description('Prints a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(assay completion bash)                                   this shell; in ~/.bashrc every one
  $ assay completion zsh > "\${fpath[1]}/_assay"
  $ assay completion fish > ~/.config/fish/completions/assay.fish`,
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
