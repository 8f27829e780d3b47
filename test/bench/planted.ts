import { createRandom, expand } from '../../detectors/sample.ts';
import { base62Crc32 } from '../../detectors/validators/base62-crc32.ts';

/** A credential that was put into the data. */
export interface Planted {
  kind: string;
  way: string;
  value: string;
  /** Number of its record from 0, or of its line from 1 in text without records. */
  place: number;
}

/** How many are in every file of text. */
export const PLANTED = 500;

/** Shapes that vendors document and most scanners know; made when they are needed, since they look like live ones. */
const KINDS: Record<string, string | ((seed: string) => string)> = {
  github: (seed) => checksummed('ghp_', seed),
  npm: (seed) => checksummed('npm_', seed),
  gitlab: "'glpat-' alnum:20",
  slack: "'xoxb-' [123456789]:1 digit:11 '-' [123456789]:1 digit:11 '-' alnum:24",
  stripe: "'sk_live_' alnum:24",
  aws: "'AKIA' base32:16",
  openai: "'sk-proj-' alnum:74 'T3BlbkFJ' alnum:74",
  anthropic: "'sk-ant-api03-' alnum:93 'AA'",
  google: "'AIzaSy' alnum:33",
  sendgrid: "'SG.' alnum:22 '.' alnum:43",
  huggingface: "'hf_' alpha:34",
  databricks: "'dapi' hex:32",
  digitalocean: "'dop_v1_' hex:64",
  shopify: "'shpat_' hex:32",
  pypi: "'pypi-AgEIcHlwaS5vcmcCJ' alnum:150",
  mailgun: "'key-' hex:32",
  mailchimp: "hex:32 '-us' [123456789]:1",
  telegram: "[123456789]:1 digit:9 ':AA' alnum:33",
  newrelic: "'NRAK-' ualnum:27",
  linear: "'lin_api_' alnum:40",
  docker: "'dckr_pat_' alnum:27",
  grafana: "'glsa_' alnum:32 '_' hex:8",
  doppler: "'dp.pt.' alnum:43",
  rubygems: "'rubygems_' hex:48",
  postman: "'PMAK-' hex:24 '-' hex:34",
};

const WAYS: Record<string, (value: string, kind: string) => string> = {
  bare: (value) => `\n${value}\n`,
  assignment: (value, kind) => `\n${kind.toUpperCase()}_TOKEN=${value}\n`,
  'quoted assignment': (value, kind) => `\nconst ${kind}Key = "${value}";\n`,
  'JSON in text': (value) => ` ${JSON.stringify(JSON.stringify({ token: value }))} `,
};

/** Each kind in each way. */
export const COMBINATIONS = Object.keys(KINDS).length * Object.keys(WAYS).length;

/** The `n`th: its kind and way follow from the number, and the first `COMBINATIONS` are all there are. */
export function plantedText(n: number): Omit<Planted, 'place'> & { text: string } {
  const kinds = Object.entries(KINDS);
  const ways = Object.entries(WAYS);
  const [kind, make] = kinds[n % kinds.length] as (typeof kinds)[number];
  const [way, write] = ways[Math.floor(n / kinds.length) % ways.length] as (typeof ways)[number];
  const seed = `bench ${n}`;
  const value = typeof make === 'string' ? expand(make, seed) : make(seed);
  return { kind, way, value, text: write(value, kind) };
}

function checksummed(prefix: string, seed: string): string {
  const body = createRandom(seed).chars('base62', 30);
  return `${prefix}${body}${base62Crc32(body)}`;
}
