import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** One command of the program as a shell needs to know it. */
interface Place {
  /** `assay detectors list`. */
  path: string;
  commands: { name: string; description: string }[];
  options: { names: string[]; description: string; value: 'none' | 'text' | 'file' | string[] }[];
  /** Words that its argument is one of; empty: anything, such as a file. */
  words: string[];
}

/** A completion script for the program as it is: commands, options and their words are read from it. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, program.name());
  const name = program.name();
  if (shell === 'bash') return bashScript(name, places);
  return shell === 'zsh' ? zshScript(name, places) : fishScript(name, places);
}

function placesOf(command: Command, path: string): Place[] {
  const help: Place['options'] = [{ names: ['-h', '--help'], description: 'show help', value: 'none' }];
  const place: Place = {
    path,
    commands: command.commands.map((one) => ({ name: one.name(), description: firstSentence(one.description()) })),
    options: [...command.options.map(describeOption), ...help],
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [place, ...command.commands.flatMap((one) => placesOf(one, `${path} ${one.name()}`))];
}

function describeOption(option: Option): Place['options'][number] {
  const { short, long, flags, description, argChoices } = option;
  const placeholder = /<([^>]*)>/.exec(flags)?.[1];
  const words = argChoices ?? wordsOf(placeholder ?? '', description);
  const isFile = placeholder === 'file' || placeholder === 'dir';
  return {
    names: [short, long].filter((name) => name !== undefined),
    description: firstSentence(description),
    value: placeholder === undefined ? 'none' : words.length > 0 ? words : isFile ? 'file' : 'text',
  };
}

/** `notable|all` names its words (`SCAN` stands for any); a format or level has them in its help. */
function wordsOf(placeholder: string, description: string): string[] {
  if (placeholder.includes('|')) return placeholder.split('|').filter((word) => word === word.toLowerCase());
  const [, list = ''] = /(?:^|: )([a-z]+(?:, [a-z]+)*(?:,? (?:or|and) [a-z]+)?)(?:;|$)/.exec(description) ?? [];
  const words = list.split(/,? (?:or|and) |, /);
  return words.length > 1 ? words : [];
}

function firstSentence(text: string): string {
  return text.split(/[;.]( |$)/)[0] ?? '';
}

/** A text in single quotes for bash and zsh. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The cases after an option that takes a value: its words, files, or nothing that could be known. */
function valueCases(places: readonly Place[], words: (values: string[]) => string, files: string): string {
  const cases = new Map<string, string[]>();
  for (const { path, options } of places) {
    for (const { names, value } of options) {
      if (value === 'none') continue;
      const answer = value === 'text' ? '' : value === 'file' ? files : words(value);
      cases.set(answer, [...(cases.get(answer) ?? []), ...names.map((name) => quote(`${path} ${name}`))]);
    }
  }
  return [...cases]
    .map(([answer, at]) => `    ${at.join('|')}) ${answer === '' ? '' : `${answer}; `}return ;;`)
    .join('\n');
}

function bashScript(name: string, places: readonly Place[]): string {
  const steps = places.slice(1).map(({ path }) => quote(path));
  return `# Completion of ${name} for bash: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at=${name} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${steps.join('|')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at $prev" in
${valueCases(places, (values) => `COMPREPLY=($(compgen -W ${quote(values.join(' '))} -- "$cur"))`, 'COMPREPLY=($(compgen -f -- "$cur"))')}
  esac
  local words options
  case "$at" in
${places
  .map(({ path, commands, options, words }) => {
    const first = quote([...commands.map((one) => one.name), ...words].join(' '));
    return `    ${quote(path)}) words=${first} options=${quote(options.flatMap(({ names }) => names).join(' '))} ;;`;
  })
  .join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur"))
  else COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _${name} ${name}
`;
}

function zshScript(name: string, places: readonly Place[]): string {
  const steps = places.slice(1).map(({ path }) => quote(path));
  const entry = (word: string, description: string): string => quote(`${word.replaceAll(':', '\\:')}:${description}`);
  return `#compdef ${name}
# Completion of ${name} for zsh: source <(${name} completion zsh)
_${name}() {
  local at=${name} word
  local -a entries options
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
      ${steps.join('|')}) at="$at $word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${valueCases(places, (values) => `compadd -- ${values.map(quote).join(' ')}`, '_files')}
  esac
  case "$at" in
${places
  .map(({ path, commands, options, words }) => {
    const first = [...commands.map((one) => entry(one.name, one.description)), ...words.map((word) => entry(word, ''))];
    const flags = options.flatMap(({ names, description }) => names.map((one) => entry(one, description)));
    return `    ${quote(path)}) entries=(${first.join(' ')}) options=(${flags.join(' ')}) ;;`;
  })
  .join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option options
  elif (( \${#entries} )); then _describe command entries
  else _files; fi
}
if [[ \${funcstack[1]} == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const fishQuote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = [
    `# Completion of ${name} for fish: ${name} completion fish | source`,
    `function __${name}_at`,
    `  set -l at ${name}`,
    '  for word in (commandline -opc)[2..-1]',
    `    if contains -- "$at $word" ${places
      .slice(1)
      .map(({ path }) => fishQuote(path))
      .join(' ')}`,
    '      set at "$at $word"',
    '    end',
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
  ];
  for (const { path, commands, options, words } of places) {
    const base = `complete -c ${name} -n ${fishQuote(`__${name}_at ${fishQuote(path)}`)}`;
    for (const one of commands) lines.push(`${base} -f -a ${one.name} -d ${fishQuote(one.description)}`);
    if (words.length > 0) lines.push(`${base} -f -a ${fishQuote(words.join(' '))}`);
    for (const { names, description, value } of options) {
      const flags = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`)).join(' ');
      const wanted = { none: '', text: ' -x', file: ' -r' };
      const given = typeof value === 'string' ? wanted[value] : ` -x -a ${fishQuote(value.join(' '))}`;
      lines.push(`${base} ${flags}${given} -d ${fishQuote(description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
