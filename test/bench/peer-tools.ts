import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** A scanner that a user might take instead: how it is started for one file, and how its report is read. */
export interface Peer {
  name: string;
  program: string;
  /** Largest file it is given, MB: what it reads in minutes on one core. */
  megabytes: number;
  /** Arguments for one file; the report goes to `report`, else to standard output. `isPacked`: compressed. */
  args(file: string, report: string, isPacked: boolean): string[];
  version: readonly string[];
  ok: number[];
  env?: Record<string, string>;
  /** Where it has to be started: in the folder of the file, or in the one that holds its packages. */
  startedIn?: 'data' | 'packages';
  /** The part of a report that is about findings. */
  findings?(report: string): string;
  /** What stands in its report for a value it found; null: it looks for something else. */
  shown: ((value: string) => string) | null;
  /** Said beside its row. */
  note?: string;
}

const same = (value: string): string => value;
const sha1 = (value: string): string => createHash('sha1').update(value).digest('hex');
const SECRETLINT = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });
const PRESIDIO = `
import sys, spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}
    def load(self): pass
    def is_loaded(self): return True
analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
for line in open(sys.argv[1], errors="replace"): analyzer.analyze(text=line[:900000], language="en")
`;
/** Beginnings of the planted credentials that have one. */
const LITERALS = `ghp_ npm_ glpat- xoxb- sk_live_ AKIA sk-proj- sk-ant- AIza hf_ dapi dop_v1_ shpat_`.split(' ');

export const PEERS: readonly Peer[] = [
  {
    name: 'Kingfisher',
    program: 'kingfisher',
    megabytes: 200,
    args: (file, report) =>
      `scan ${file} --no-validate --no-update-check --git-history none -j 1 -f json -o ${report}`.split(' '),
    version: ['--version'],
    ok: [0, 200, 205],
    shown: same,
  },
  {
    name: 'gitleaks',
    program: 'gitleaks',
    megabytes: 10,
    args: (file, report, isPacked) =>
      `dir ${file} --no-banner --exit-code 0 -l error -f json -r ${report} --max-archive-depth ${isPacked ? 2 : 0}`.split(
        ' ',
      ),
    version: ['version'],
    ok: [0],
    env: { GOMAXPROCS: '1' },
    shown: same,
  },
  {
    name: 'betterleaks',
    program: 'betterleaks',
    megabytes: 50,
    args: (file, report, isPacked) =>
      `dir ${file} --no-banner --exit-code 0 -f json -r ${report} --max-archive-depth ${isPacked ? 2 : 0}`.split(' '),
    version: ['version'],
    ok: [0],
    env: { GOMAXPROCS: '1' },
    shown: same,
  },
  {
    name: 'TruffleHog',
    program: 'trufflehog',
    megabytes: 20,
    args: (file) => `filesystem ${file} --no-verification --no-update --json --concurrency=1`.split(' '),
    version: ['--version'],
    ok: [0, 183],
    shown: same,
  },
  {
    name: 'Titus',
    program: 'titus',
    megabytes: 10,
    args: (file) => `scan ${file} --format json`.split(' '),
    version: ['version'],
    ok: [0, 1],
    shown: same,
  },
  {
    name: 'secretlint',
    program: 'secretlint',
    megabytes: 100,
    args: (file, report) =>
      `--no-glob --no-gitignore --no-maskSecrets --format json --output ${report} --secretlintrcJSON ${SECRETLINT} ${file}`.split(
        ' ',
      ),
    version: ['--version'],
    ok: [0, 1],
    startedIn: 'packages',
    // The report begins with the whole file.
    findings: (report) => JSON.stringify(JSON.parse(report).map(({ messages }: { messages: object }) => messages)),
    shown: same,
  },
  {
    name: 'detect-secrets',
    program: 'detect-secrets',
    megabytes: 3,
    args: (file) => ['scan', '-n', '--all-files', basename(file)],
    startedIn: 'data',
    version: ['--version'],
    ok: [0],
    shown: sha1,
  },
  {
    name: 'CredSweeper',
    program: 'credsweeper',
    megabytes: 3,
    args: (file, report, isPacked) =>
      `--path ${file} --save-json ${report} --no-stdout --no-color --log critical --jobs 1 ${isPacked ? '--depth 2' : ''}`
        .trim()
        .split(' '),
    version: ['--version'],
    ok: [0],
    shown: same,
  },
  {
    name: 'Presidio',
    program: 'presidio',
    megabytes: 3,
    args: (file) => ['-c', PRESIDIO, file],
    version: ['-c', 'from importlib.metadata import version; print(version("presidio-analyzer"))'],
    ok: [0],
    shown: null,
    note: 'personal data only, by its patterns, without a language model',
  },
  {
    name: 'ripgrep -F',
    program: 'rg',
    megabytes: 200,
    args: (file) => ['-a', '-F', '-c', '-j', '1', ...LITERALS.flatMap((literal) => ['-e', literal]), file],
    version: ['--version'],
    ok: [0, 1],
    shown: null,
    note: `counts the lines with one of ${LITERALS.length} fixed texts`,
  },
];

/** Where a program is: on the path, and in the folders of `folder` that installers make. Presidio is a Python that has it. */
export function placesOf({ program }: Peer, folder: string | undefined): string[] {
  const below = folder === undefined ? [] : [folder, ...readdirSync(folder).map((name) => join(folder, name))];
  const folders = below.flatMap((one) => [join(one, 'bin'), join(one, 'usr/bin'), join(one, 'node_modules/.bin')]);
  const all = [...(process.env.PATH ?? '').split(delimiter), ...folders];
  if (program !== 'presidio') return all.map((one) => join(one, program)).filter((path) => existsSync(path));
  return all.filter(hasPresidio).map((one) => join(one, 'python3'));
}

function hasPresidio(bin: string): boolean {
  const lib = join(dirname(bin), 'lib');
  if (!existsSync(join(bin, 'python3')) || !existsSync(lib)) return false;
  return readdirSync(lib).some((name) => existsSync(join(lib, name, 'site-packages/presidio_analyzer')));
}
