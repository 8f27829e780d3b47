import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssayError, isAssayError } from '../errors.ts';
import type { Fact } from '../model/exposure.ts';
import type { AccountCalls } from './s3-account.ts';
import type { S3Calls } from './s3-calls.ts';
import { S3Failure } from './s3-errors.ts';
import { askFact, NotAnswered } from './s3-facts.ts';
import { roleCredentials } from './s3-role.ts';

const CALL = 'organizations:ListAccounts';
const OWN_CALL = 'organizations:DescribeOrganization';
/** An organisation, or a path in it, as a value in a policy. */
const NAMED = /"o-[a-z0-9]{4,32}["/]/;
const NO_ORGANIZATION = 'AWSOrganizationsNotInUseException';
const OPERATION = { name: CALL, bucket: 'the organisation', permission: CALL };

/** The organisation of the account, asked once a provider and only when a policy names one. */
export class OwnOrganization {
  private readonly calls: S3Calls;
  private answer: Promise<Fact<{ Id?: string }>> | undefined;

  constructor(calls: S3Calls) {
    this.calls = calls;
  }

  /** Undefined: the policy names no organisation. */
  async of(policy: Fact<unknown>): Promise<Fact<{ Id?: string }> | undefined> {
    if (policy.state !== 'known' || !NAMED.test(JSON.stringify(policy.value))) return undefined;
    this.answer ??= this.ask();
    return this.answer;
  }

  private ask(): Promise<Fact<{ Id?: string }>> {
    const { endpoint, organizationsEndpoint } = this.calls.options;
    const isCustom = endpoint != null;
    if (isCustom && organizationsEndpoint == null) return Promise.resolve({ state: 'unsupported', call: OWN_CALL });
    const operation = { name: OWN_CALL, bucket: 'the account', permission: OWN_CALL };
    return askFact({ call: OWN_CALL, permission: OWN_CALL, isCustom, isAccount: true }, async () => {
      const { DescribeOrganizationCommand } = await import('@aws-sdk/client-organizations');
      const client = await clientOf(this.calls);
      const { Organization: own } = await this.calls.send(operation, undefined, (abortSignal) =>
        client.send(new DescribeOrganizationCommand({}), { abortSignal }),
      );
      if (own?.Id === undefined) throw new NotAnswered();
      return { Id: own.Id };
    });
  }
}

async function clientOf(calls: S3Calls): Promise<OrganizationsClient> {
  const { OrganizationsClient } = await import('@aws-sdk/client-organizations');
  const { organizationsEndpoint: endpoint } = calls.options;
  return new OrganizationsClient({
    ...(await calls.serviceConfig()),
    ...(endpoint == null ? {} : { endpoint }),
  });
}

/**
 * How to read each open account of the organisation: the ARN of the role with this name in it, '' for the caller's own
 * account when that has no such role. Throws `AssayError`.
 */
export async function organizationAccounts(
  own: S3Calls,
  account: AccountCalls,
  role: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { endpoint, organizationsEndpoint } = own.options;
  if (endpoint != null && organizationsEndpoint == null) {
    throw new AssayError('config', `${CALL}: a store with s3.endpoint needs s3.organizationsEndpoint as well`);
  }
  const caller = await account.callerAccount();
  const found: string[] = [];
  for await (const { partition, id } of openAccounts(own, signal)) {
    const arn = `arn:${partition}:iam::${id}:role/${role}`;
    const isOwn = caller.state === 'known' && caller.value === id;
    found.push(isOwn && !(await canAssume(own, arn)) ? '' : arn);
  }
  return found;
}

/** Closed and suspended accounts let nobody in. */
async function* openAccounts(
  own: S3Calls,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ partition: string; id: string }> {
  const { ListAccountsCommand } = await import('@aws-sdk/client-organizations');
  const client = await clientOf(own);
  let token: string | undefined;
  for (;;) {
    const command = new ListAccountsCommand(token === undefined ? {} : { NextToken: token });
    const page = await own
      .send(OPERATION, signal, (abortSignal) => client.send(command, { abortSignal }))
      .catch(toldWithoutOrganization);
    for (const { Id: id, Arn: arn = '', State: state, Status: status } of page.Accounts ?? []) {
      // `Status` is the older word, and an account that names neither is tried.
      if (id === undefined || (state ?? status ?? 'ACTIVE') !== 'ACTIVE') continue;
      yield { partition: arn.split(':')[1] ?? 'aws', id };
    }
    const next = page.NextToken;
    if (next === undefined || next === '') return;
    if (next === token) throw new AssayError('listing-failed', `${CALL}: a page names itself as the next one`);
    token = next;
  }
}

function toldWithoutOrganization(error: unknown): never {
  const isNone = isAssayError(error) && error.cause instanceof S3Failure && error.cause.word === NO_ORGANIZATION;
  if (!isNone) throw error;
  throw new AssayError('config', `${CALL}: the account is in no organisation, so that s3.organizationRole has no use`, {
    cause: error,
  });
}

async function canAssume(own: S3Calls, role: string): Promise<boolean> {
  try {
    await roleCredentials(own, role)();
    return true;
  } catch (error) {
    if (isAssayError(error) && error.code === 'access-denied') return false;
    throw error;
  }
}
