import { CorpusSet } from '../corpus-set.ts';
import { type Kind, SECRETS } from '../kinds.ts';
import { sentence } from '../prose.ts';

/** A file as lines; `{0}` is where the value of its first kind stands. */
const FILES: [name: string, kinds: Kind[], lines: string[]][] = [
  [
    'deploy/.env',
    [SECRETS.awsId, SECRETS.npm, SECRETS.database],
    [
      '# settings of the shop',
      'REGION=eu-west-1',
      'AWS_ACCESS_KEY_ID={0}',
      'DEBUG=false',
      'NPM_TOKEN={1}',
      'STORE={2}',
    ],
  ],
  [
    'src/client.py',
    [SECRETS.openai, SECRETS.anthropic],
    [
      'import client',
      '',
      'def connect():',
      '    return client.Client("{0}")',
      '',
      'class Other:',
      "    key: str = '{1}'",
      '    retries = 3',
    ],
  ],
  [
    'src/notify.js',
    [SECRETS.slack, SECRETS.telegram, SECRETS.sendgrid],
    [
      "import { send } from './send.js';",
      '',
      "export const notify = (text) => send('{0}', text);",
      "const bot = new Bot('{1}');",
      "mailer.use('{2}');",
    ],
  ],
  [
    'infra/main.tf',
    [SECRETS.awsSecret, SECRETS.password],
    [
      'provider "aws" {',
      '  region = "eu-west-1"',
      '}',
      'locals {',
      '  aws_secret_access_key = "{0}"',
      '}',
      'resource "db" "main" {',
      '  db_password = "{1}"',
      '}',
    ],
  ],
  [
    'infra/storage.config',
    [SECRETS.azure],
    ['<add name="data" connectionString="DefaultEndpointsProtocol=https;AccountName=data;AccountKey={0};" />'],
  ],
  ['keys/server.pem', [SECRETS.privateKey], ['{0}']],
  [
    'ci/pipeline.yaml',
    [SECRETS.github, SECRETS.gitlab, SECRETS.slackHook],
    ['steps:', '  - run: clone', '    with: "{0}"', '  - run: push', '    with: {1}', '  - notify: {2}'],
  ],
  [
    'notebooks/train.ipynb.txt',
    [SECRETS.huggingface, SECRETS.google],
    ['# %%', '!login --as {0}', '# %%', 'geo = Geo(key="{1}")'],
  ],
];

/** Source and settings files with credentials of many issuers. */
export function code(): CorpusSet {
  const set = new CorpusSet('code');
  for (const [name, kinds, template] of FILES) {
    const items = kinds.map((kind) => set.make(kind));
    const lines = [`# ${sentence(set.random)}`, '', ...template];
    const text = lines.map((line, index) =>
      line.replace(/\{(\d)\}/g, (_, number: string) => {
        const item = items[Number(number)] as (typeof items)[number];
        set.plant(name, item, { line: index + 1 });
        return item.value;
      }),
    );
    set.write(name, `${text.join('\n')}\n`);
  }
  return set;
}
