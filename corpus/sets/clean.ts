import { CorpusSet } from '../corpus-set.ts';
import { paragraph, sentence } from '../prose.ts';

/** What looks like something and is nothing: every finding here is a false one. */
export function clean(): CorpusSet {
  const set = new CorpusSet('clean');
  const { random } = set;
  const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const hex = (count: number): string => random.chars('hex', count);
  const uuid = (): string => [8, 4, 4, 4, 12].map((count) => hex(count)).join('-');
  const version = (): string => `${random.int(20)}.${random.int(40)}.${random.int(90)}`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = (): string => {
    const day = `2031-${two(1 + random.int(12))}-${two(1 + random.int(28))}`;
    return `${day}T${two(random.int(24))}:${two(random.int(60))}:${two(random.int(60))}.${random.chars('digit', 3)}Z`;
  };

  set.write('prose.txt', `${times(300, () => paragraph(random, 6)).join('\n\n')}\n`);
  set.write('hashes.txt', times(400, (i) => `${hex([32, 40, 64, 128][i % 4] as number)}  part-${i}.bin\n`).join(''));
  set.write(
    'events.jsonl',
    times(400, (i) => `${JSON.stringify({ id: uuid(), seq: i, at: time(), version: version(), kind: 'view' })}\n`).join(
      '',
    ),
  );
  set.write(
    'server.log',
    times(500, (i) => `${time()} INFO worker-${i % 7} took ${random.int(900)} ms, build ${version()}.${i}\n`).join(''),
  );
  set.write(
    'package-lock.json',
    `${JSON.stringify(
      {
        name: 'garden',
        lockfileVersion: 3,
        packages: Object.fromEntries(
          times(150, (i) => [
            `node_modules/part-${i}`,
            {
              version: version(),
              resolved: `https://registry.npmjs.org/part-${i}/-/part-${i}-${version()}.tgz`,
              integrity: `sha512-${random.chars('base64', 86)}==`,
            },
          ]),
        ),
      },
      null,
      2,
    )}\n`,
  );
  set.write(
    'go.sum',
    times(150, (i) => `golang.org/x/part${i} v${version()} h1:${random.chars('base64', 43)}=\n`).join(''),
  );
  set.write(
    'images.jsonl',
    times(
      20,
      () =>
        `${JSON.stringify({ text: sentence(random), image: `data:image/png;base64,iVBORw0KGgo${random.chars('base64', 4000)}` })}\n`,
    ).join(''),
  );
  set.write(
    'measurements.csv',
    `sensor,reading,ticks,ratio,position\n${times(600, (i) => {
      const ticks = random.chars('123456789', 1) + random.chars('digit', 9 + (i % 4));
      return `${i % 40},${random.int(1e6) / 1000},${ticks},0.${random.chars('digit', 16)},${random.int(180)}.${random.chars('digit', 6)}\n`;
    }).join('')}`,
  );
  set.write(
    'builds.csv',
    `build,release,commit,seconds\n${times(200, (i) => `${i},${version()}.${random.int(250)},${hex(40)},${random.int(900)}\n`).join('')}`,
  );
  set.write(
    'placeholders.env',
    [
      '# every value here is to be replaced',
      'AWS_ACCESS_KEY_ID=<your-access-key-id>',
      `API_KEY=\${API_KEY}`,
      'DB_PASSWORD=changeme',
      'TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      'CONTACT=someone@example.com',
      'SECRET={{ vault.secret }}',
      'HOST=127.0.0.1',
      '',
    ].join('\n'),
  );
  set.write(
    'library.js',
    `${times(60, (i) => `export function step${i}(token, password) {\n  const secret = readSecret('part-${i}');\n  return hash(token + secret + (password ?? ''));\n}\n`).join('\n')}`,
  );
  set.write(
    'books.csv',
    `isbn,title,pages\n${times(200, (i) => `978-${random.int(9)}-${random.chars('digit', 4)}-${random.chars('digit', 4)}-${i % 10},${sentence(random)},${100 + random.int(700)}\n`).join('')}`,
  );
  return set;
}
