import { CorpusSet, type Item } from '../corpus-set.ts';
import { PEOPLE, phrase, SECRETS } from '../kinds.ts';
import { paragraph, sentence } from '../prose.ts';

const ROWS = 300;

/** Conversations as JSON lines: secrets after escapes, in code fences, and in JSON inside the text. */
export function chat(): CorpusSet {
  const set = new CorpusSet('chat');
  const { random } = set;
  const secrets = Object.values(SECRETS).filter((kind) => !kind.value(random).includes('\n'));
  const people = Object.values(PEOPLE);
  const shared = set.make(SECRETS.huggingface);
  const lines: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    const question = { role: 'user', content: paragraph(random, 1 + random.int(4)) };
    const answer = { role: 'assistant', content: paragraph(random, 2 + random.int(6)) };
    const turns = [question, answer];
    const plant = (turn: number, item: Item, content: string): void => {
      (turns[turn] as typeof question).content = content;
      set.plant('chat.jsonl', item, { row, pointer: `/messages/${turn}/content` });
    };
    if (row % 11 === 3) {
      const item = set.make(secrets[((row - 3) / 11) % secrets.length] as (typeof secrets)[number]);
      const text = phrase(item.kind, item.value);
      const ways = [
        `${sentence(random)}\n${text}\n${sentence(random)}`,
        `Here is the file:\n\`\`\`\n\t${text}\n\`\`\`\n${sentence(random)}`,
        `It logged "${text}" and stopped. ${sentence(random)}`,
      ];
      plant(0, item, ways[row % ways.length] as string);
    }
    if (row % 17 === 5) {
      const item = set.make(people[((row - 5) / 17) % people.length] as (typeof people)[number]);
      plant(1, item, `${sentence(random)} ${phrase(item.kind, item.value)}. ${sentence(random)}`);
    }
    if (row % 97 === 50 && row % 17 !== 5) plant(1, shared, `Run it again: ${phrase(shared.kind, shared.value)}`);
    if (row % 61 === 30 && row % 11 !== 3) {
      const item = set.make(SECRETS.gitlab);
      const nested = JSON.stringify({ tool: 'deploy', arguments: { note: sentence(random), token: item.value } });
      plant(0, item, nested);
    }
    lines.push(JSON.stringify({ id: `chat-${row}`, messages: turns, lang: 'en', score: random.int(100) / 100 }));
  }
  set.write('chat.jsonl', `${lines.join('\n')}\n`);
  return set;
}
