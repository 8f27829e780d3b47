import type { KMSClient } from '@aws-sdk/client-kms';
import type { Fact, S3Key } from '../model/exposure.ts';
import { Kept } from './kept.ts';
import type { S3Calls } from './s3-calls.ts';
import { askFact } from './s3-facts.ts';

const POLICY_CALL = 'kms:GetKeyPolicy';
/** The one name that there is. */
const POLICY_NAME = 'default';
const GRANTS_CALL = 'kms:ListGrants';
const ALIAS_CALL = 'kms:DescribeKey';
/** A key with more is not judged. */
const MAX_GRANTS = 10_000;

/** Who may use KMS keys, asked once a provider and key. */
export class KmsKeys {
  private readonly calls: S3Calls;
  private readonly clients = new Kept<KMSClient>();
  private readonly keys = new Map<string, Promise<S3Key>>();

  constructor(calls: S3Calls) {
    this.calls = calls;
  }

  /** `ids` as a bucket or an object names them; `region`: where the bucket is, '' where the configuration says. */
  async of(ids: readonly string[], region: string): Promise<Fact<S3Key[]>> {
    const { endpoint, kmsEndpoint } = this.calls.options;
    if (endpoint != null && kmsEndpoint == null) return { state: 'unsupported', call: POLICY_CALL };
    return { state: 'known', value: await Promise.all(ids.map((id) => this.key(id, region))) };
  }

  private key(id: string, region: string): Promise<S3Key> {
    const place = /^arn:[^:]*:kms:([^:]+):/.exec(id)?.[1] ?? region;
    const name = `${place} ${id}`;
    const key = this.keys.get(name) ?? this.ask(id, place);
    this.keys.set(name, key);
    return key;
  }

  private async ask(id: string, region: string): Promise<S3Key> {
    const found = /(^|:)alias\//.test(id) ? await this.keyOfAlias(id, region) : { state: 'known' as const, value: id };
    if (found.state !== 'known' || found.value === null) {
      const missing = found.state === 'known' ? refusedAs(ALIAS_CALL, 'NotFoundException') : found;
      return { id, policy: missing, grants: missing };
    }
    const [policy, grants] = await Promise.all([this.policy(found.value, region), this.grants(found.value, region)]);
    return { id, policy, grants };
  }

  private keyOfAlias(KeyId: string, region: string): Promise<Fact<string>> {
    return this.call(ALIAS_CALL, region, async (client, abortSignal) => {
      const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
      const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId }), { abortSignal });
      return key?.Arn ?? null;
    });
  }

  private policy(KeyId: string, region: string): Promise<Fact<unknown>> {
    return this.call<unknown>(POLICY_CALL, region, async (client, abortSignal) => {
      const { GetKeyPolicyCommand } = await import('@aws-sdk/client-kms');
      const { Policy: text } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: POLICY_NAME }), {
        abortSignal,
      });
      try {
        return text === undefined ? null : JSON.parse(text);
      } catch {
        // As it came: the judgement says that it does not understand it.
        return text;
      }
    });
  }

  private async grants(KeyId: string, region: string): Promise<S3Key['grants']> {
    const { ListGrantsCommand } = await import('@aws-sdk/client-kms');
    const found: NonNullable<Extract<S3Key['grants'], { state: 'known' }>['value']> = [];
    let marker: string | undefined;
    for (;;) {
      const input = { KeyId, ...(marker === undefined ? {} : { Marker: marker }) };
      const page = await this.call(GRANTS_CALL, region, (client, abortSignal) =>
        client.send(new ListGrantsCommand(input), { abortSignal }),
      );
      if (page.state !== 'known') return page;
      for (const { GranteePrincipal, Operations } of page.value?.Grants ?? []) {
        found.push(JSON.parse(JSON.stringify({ GranteePrincipal, Operations })));
      }
      const next = page.value?.Truncated === true ? page.value.NextMarker : undefined;
      if (next === undefined || next === '') return { state: 'known', value: found };
      if (next === marker || found.length > MAX_GRANTS) return refusedAs(GRANTS_CALL, `more than ${MAX_GRANTS} grants`);
      marker = next;
    }
  }

  /** The call is the permission. */
  private call<T>(
    call: string,
    region: string,
    send: (client: KMSClient, abortSignal: AbortSignal) => Promise<T | null>,
  ): Promise<Fact<T>> {
    const isCustom = this.calls.options.endpoint != null;
    return askFact({ call, permission: call, isCustom, isAccount: true }, () =>
      this.calls.send({ name: call, bucket: 'a key of KMS', permission: call }, undefined, async (abortSignal) =>
        send(await this.client(region), abortSignal),
      ),
    );
  }

  private client(region: string): Promise<KMSClient> {
    return this.clients.get(region, () => this.createClient(region));
  }

  private async createClient(region: string): Promise<KMSClient> {
    const { kmsEndpoint: endpoint } = this.calls.options;
    const { KMSClient } = await import('@aws-sdk/client-kms');
    return new KMSClient({
      ...(await this.calls.serviceConfig()),
      ...(region === '' ? {} : { region }),
      ...(endpoint == null ? {} : { endpoint }),
    });
  }
}

function refusedAs(call: string, reason: string): Extract<Fact<never>, { state: 'refused' }> {
  return { state: 'refused', call, reason, permission: call };
}
