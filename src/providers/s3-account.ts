import type { S3ControlClient } from '@aws-sdk/client-s3-control';
import type { Fact, S3PublicAccessBlock } from '../model/exposure.ts';
import { Kept } from './kept.ts';
import type { S3Calls } from './s3-calls.ts';
import { allSwitches, askFact } from './s3-facts.ts';

const CALLER = 'sts:GetCallerIdentity';
const BLOCK = 's3:GetAccountPublicAccessBlock';
/** The SDK puts the account in front of the host, which makes no address of an IP: it gets a name to do that with. */
const REPLACED_ENDPOINT = 'https://s3-control.invalid';

interface ControlRequest {
  hostname: string;
  protocol: string;
  port?: number;
  headers: Record<string, string>;
}
type SendControl<T> = (client: S3ControlClient, account: string, abortSignal: AbortSignal) => Promise<T | null>;

/**
 * Facts above the bucket, asked once a provider. A custom endpoint is asked only at endpoints of its own: the store may
 * be of another house than the account the credentials belong to.
 */
export class AccountCalls {
  private readonly calls: S3Calls;
  private readonly clients = new Kept<S3ControlClient>();
  private caller: Promise<Fact<string>> | undefined;
  private block: Promise<Fact<S3PublicAccessBlock>> | undefined;

  constructor(calls: S3Calls) {
    this.calls = calls;
  }

  /** 12 digits of the caller's account. */
  callerAccount(): Promise<Fact<string>> {
    this.caller ??= this.askCaller();
    return this.caller;
  }

  publicAccessBlock(): Promise<Fact<S3PublicAccessBlock>> {
    this.block ??= this.askControl(BLOCK, '', async (client, AccountId, abortSignal) => {
      const { GetPublicAccessBlockCommand } = await import('@aws-sdk/client-s3-control');
      const answer = await client.send(new GetPublicAccessBlockCommand({ AccountId }), { abortSignal });
      return allSwitches(answer.PublicAccessBlockConfiguration);
    });
    return this.block;
  }

  /** A call of S3 Control for the caller's account; its name is the permission. `region` '': where the configuration says. */
  async askControl<T>(call: string, region: string, send: SendControl<T>): Promise<Fact<T>> {
    const { controlEndpoint: endpoint, expectedBucketOwner } = this.calls.options;
    if (this.isCustom && endpoint == null) return { state: 'unsupported', call };
    const caller = await this.callerAccount();
    const account = (caller.state === 'known' ? caller.value : null) ?? expectedBucketOwner;
    if (account == null) {
      if (caller.state === 'unsupported') return { state: 'unsupported', call };
      const reason = caller.state === 'refused' ? `${CALLER}: ${caller.reason}` : 'the account is not known';
      return { state: 'refused', call, reason, permission: call };
    }
    return this.ask(call, call, async () => send(await this.control(region), account, this.timeLimit()));
  }

  private get isCustom(): boolean {
    return this.calls.options.endpoint != null;
  }

  private async askCaller(): Promise<Fact<string>> {
    const { stsEndpoint: endpoint } = this.calls.options;
    if (this.isCustom && endpoint == null) return { state: 'unsupported', call: CALLER };
    return this.ask(CALLER, '', async () => {
      const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
      const client = new STSClient({
        ...(await this.calls.serviceConfig()),
        ...(endpoint == null ? {} : { endpoint }),
      });
      const { Account: account } = await client.send(new GetCallerIdentityCommand({}), {
        abortSignal: this.timeLimit(),
      });
      return account ?? null;
    });
  }

  private control(region: string): Promise<S3ControlClient> {
    return this.clients.get(region, () => this.createControl(region));
  }

  private async createControl(region: string): Promise<S3ControlClient> {
    const { controlEndpoint: endpoint } = this.calls.options;
    const { S3ControlClient } = await import('@aws-sdk/client-s3-control');
    const client = new S3ControlClient({
      ...(await this.calls.serviceConfig()),
      ...(region === '' ? {} : { region }),
      ...(endpoint == null ? {} : { endpoint: REPLACED_ENDPOINT }),
    });
    if (endpoint != null) {
      const { host, hostname, port, protocol } = new URL(endpoint);
      client.middlewareStack.add(
        (next) => (step) => {
          const request = step.request as ControlRequest;
          Object.assign(request, { hostname, protocol, port: port === '' ? undefined : Number(port) });
          request.headers.host = host;
          return next(step);
        },
        { step: 'build', priority: 'low', name: 'plainControlHost' },
      );
    }
    return client;
  }

  private timeLimit(): AbortSignal {
    return AbortSignal.timeout(this.calls.idleTimeoutMs);
  }

  private ask<T>(call: string, permission: string, send: () => Promise<T | null>): Promise<Fact<T>> {
    return askFact({ call, permission, isCustom: this.isCustom, isAccount: true }, () =>
      this.calls.retried({ name: call, bucket: 's3://', permission }, undefined, () => {
        this.calls.counters.requests += 1;
        return send();
      }),
    );
  }
}
