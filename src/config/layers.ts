import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { AssayError } from '../errors.ts';
import { closest } from './closest.ts';
import { environmentName, KEYS, SCHEMA, type Settings } from './schema.ts';

/** `--config`, else `assay.yaml` in the working directory, else null. */
export function findFile(file: string | undefined, cwd: string): string | null {
  if (file !== undefined) return resolve(cwd, file);
  const found = join(cwd, 'assay.yaml');
  return existsSync(found) ? found : null;
}

export function readFile(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new AssayError('config', `configuration: cannot read ${file} (${code})`, { cause });
  }
  try {
    // JSON is YAML too. No custom tags, and few aliases, so that a hostile file cannot grow in memory.
    return parseYaml(content, { maxAliasCount: 10 }) ?? {};
  } catch (cause) {
    const where = (cause as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    throw new AssayError('config', `configuration: ${file}${where ? `, line ${where}` : ''} is not YAML or JSON`, {
      cause,
    });
  }
}

/**
 * Only names that are keys are read: others may belong to someone else (Kubernetes sets `ASSAY_SERVICE_HOST` for a
 * service called assay). One that is nearly a key is a slip.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, problems: string[]): unknown {
  const names = new Map(KEYS.map((key) => [environmentName(key), key]));
  const layer: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(env)) {
    if (!name.startsWith('ASSAY_') || given === undefined || given === '') continue;
    const key = names.get(name);
    if (key === undefined) {
      const meant = closest(name, [...names.keys()]);
      if (meant !== null) problems.push(`${name} is not a setting; did you mean ${meant}?`);
      continue;
    }
    const [group, inner] = key.split('.') as [string, string | undefined];
    if (inner === undefined) layer[group] = given;
    else layer[group] = { ...(layer[group] as object | undefined), [inner]: given };
  }
  return layer;
}

/** Keys whose values the SDK's own variables give too, by the variables that come first. */
const SDK_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  endpoint: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  controlEndpoint: ['AWS_ENDPOINT_URL_S3_CONTROL'],
  stsEndpoint: ['AWS_ENDPOINT_URL_STS'],
  organizationsEndpoint: ['AWS_ENDPOINT_URL_ORGANIZATIONS'],
  kmsEndpoint: ['AWS_ENDPOINT_URL_KMS'],
  cloudfrontEndpoint: ['AWS_ENDPOINT_URL_CLOUDFRONT'],
  region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
};

export function readSdkVariables(env: Readonly<Record<string, string | undefined>>, problems: string[]): Settings {
  const used = new Map<string, string>();
  const s3: Record<string, string> = {};
  for (const [key, names] of Object.entries(SDK_VARIABLES)) {
    const name = names.find((one) => (env[one] ?? '') !== '');
    if (name === undefined) continue;
    used.set(`s3.${key}`, name);
    s3[key] = env[name] ?? '';
  }
  const azure: Record<string, string> = {};
  for (const [key, [name, given]] of Object.entries(azureVariables(env))) {
    if (given === undefined || given === '') continue;
    used.set(`azure.${key}`, name);
    azure[key] = given;
  }
  const emulator = env.STORAGE_EMULATOR_HOST ?? '';
  if (emulator !== '') used.set('gcs.endpoint', 'STORAGE_EMULATOR_HOST');
  const emulatorUrl = /^https?:/.test(emulator) ? emulator : `http://${emulator}`;
  // As with Google's own programs nobody signs there: a token would be worth as much elsewhere.
  const gcs = emulator === '' ? {} : { endpoint: emulatorUrl, anonymous: true };
  return checkLayer({ s3, azure, gcs }, (key) => used.get(key) ?? key, problems);
}

/** The keys in a connection string stay in the environment: only where it points to is configuration. */
function azureVariables(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, [string, string | undefined]> {
  const connection = env.AZURE_STORAGE_CONNECTION_STRING ?? '';
  const endpoint = /(?:^|;)\s*BlobEndpoint=([^;?]+)/i.exec(connection)?.[1];
  return {
    endpoint:
      endpoint === undefined
        ? ['AZURE_STORAGE_ACCOUNT_URL', env.AZURE_STORAGE_ACCOUNT_URL]
        : ['AZURE_STORAGE_CONNECTION_STRING', endpoint],
    subscription: ['AZURE_SUBSCRIPTION_ID', env.AZURE_SUBSCRIPTION_ID],
  };
}

/** The layer as settings; what is wrong with it goes to `problems` under the name its user knows. */
export function checkLayer(layer: unknown, nameOf: (key: string) => string, problems: string[]): Settings {
  const checked = SCHEMA.safeParse(layer);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const full = path === '' ? key : `${path}.${key}`;
        const meant = closest(full, KEYS);
        problems.push(`${nameOf(full)} is not a setting${meant === null ? '' : `; did you mean ${meant}?`}`);
      }
    } else if (path === '') problems.push(nameOf('the file must hold keys and values'));
    else if (issue.code === 'invalid_type' && issue.expected === 'object')
      problems.push(`${nameOf(path)} must hold keys`);
    else problems.push(`${nameOf(path)} ${issue.message}`);
  }
  return {};
}
