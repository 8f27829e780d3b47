import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { describeProgram } from '../../src/cli/program.ts';

function walk(command: Command, path: string): { command: Command; path: string }[] {
  return [{ command, path }, ...command.commands.flatMap((one) => walk(one, `${path} ${one.name()}`))];
}

function helpOf(command: Command): string {
  const help: string[] = [];
  command.configureOutput({ writeOut: (text) => void help.push(text) }).outputHelp();
  return help.join('');
}

for (const { command, path } of walk(
  describeProgram(() => {}),
  'assay',
)) {
  test(`${path} --help describes the command, its arguments and its options, with examples that are its own`, () => {
    const help = helpOf(command);
    assert.match(command.description(), /^[A-Z].*\.$/);
    for (const { flags, description } of command.options) assert.notEqual(description, '', flags);
    for (const argument of command.registeredArguments) assert.notEqual(argument.description, '', argument.name());
    const [, examples = ''] = /\nExamples:\n((?: {2}.*\n?)+)/.exec(help) ?? [];
    const lines = examples.split('\n').filter((line) => line !== '');
    assert.ok(lines.length > 0, 'there is no example');
    for (const line of lines) assert.ok(line.startsWith('  $ ') && line.includes(path), line);
  });

  test(`what the examples of ${path} call is there`, () => {
    const options = command.options.flatMap(({ short, long }) => [short, long]);
    const [, examples = ''] = /\nExamples:\n((?: {2}.*\n?)+)/.exec(helpOf(command)) ?? [];
    for (const [, flag] of examples.matchAll(/ (--[a-z][a-z0-9-]*)/g)) {
      if (command.commands.length === 0) assert.ok(options.includes(flag), flag);
    }
  });
}

test('the commands that answer with more than 0 and 2 say so in their help', () => {
  const program = describeProgram(() => {});
  for (const name of ['scan', 'doctor']) {
    const command = program.commands.find((one) => one.name() === name);
    assert.ok(command !== undefined);
    assert.match(helpOf(command), /\nExit codes: 0 /);
  }
});
