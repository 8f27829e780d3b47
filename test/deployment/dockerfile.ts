import { readFileSync } from 'node:fs';

export const ROOT = new URL('../../', import.meta.url).pathname;

export interface Instruction {
  name: string;
  text: string;
}

export interface Stage {
  /** Image or stage that it begins with. */
  from: string;
  name: string | null;
  instructions: Instruction[];
}

/** The stages of the repository's Dockerfile, its arguments filled in. */
export function readStages(): Stage[] {
  const source = readFileSync(`${ROOT}Dockerfile`, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ');
  const args: Record<string, string> = {};
  const stages: Stage[] = [];
  for (const line of source.split('\n').filter((line) => line.trim() !== '')) {
    const [, name = '', given = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const text = given.trim();
    if (name === 'ARG') {
      const [key = '', value = ''] = text.split('=');
      args[key] = value;
    } else if (name === 'FROM') {
      const [from = '', , stage = null] = text
        .replace(/\$\{(\w+)\}/g, (_whole, key: string) => args[key] ?? '')
        .split(' ');
      stages.push({ from, name: stage, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
}

/** The stage that becomes the image. */
export function imageStage(): Stage {
  const stage = readStages().at(-1);
  if (stage === undefined) throw new Error('the Dockerfile has no stage');
  return stage;
}

/** The last instruction of this name; throws when there is none. */
export function lastOf({ instructions }: Stage, name: string): string {
  const found = instructions.findLast((each) => each.name === name);
  if (found === undefined) throw new Error(`the Dockerfile has no ${name}`);
  return found.text;
}

/** What is copied from the repository, in its order. */
export function copiesOf({ instructions }: Stage): { sources: string[]; target: string }[] {
  return instructions
    .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from'))
    .map(({ text }) => {
      const paths = text.split(/\s+/);
      return { sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
}

export function environmentOf({ instructions }: Stage): Record<string, string> {
  const settings = instructions.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string]));
}
