import { isAssayError } from '../errors.ts';
import type { Fact, S3PublicAccessBlock } from '../model/exposure.ts';
import { S3Failure } from './s3-errors.ts';

/** Answers that mean: there is none. */
const NONE: ReadonlySet<string> = new Set([
  'NoSuchBucketPolicy',
  'NoSuchPublicAccessBlockConfiguration',
  'OwnershipControlsNotFoundError',
  'NoSuchAccessPointPolicy',
  'NoSuchMultiRegionAccessPointPolicy',
  'NoSuchWebsiteConfiguration',
  'ReplicationConfigurationNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
  'AWSOrganizationsNotInUseException',
]);
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'NotImplemented',
  'XNotImplemented',
  'NotSupported',
  'UnsupportedOperation',
  'MethodNotAllowed',
]);

/** The store answered another question: some ignore the part of the query that they do not know. */
export class NotAnswered extends Error {
  constructor() {
    super('the answer holds no such fact');
    this.name = 'NotImplemented';
  }
}

export interface Question {
  call: string;
  permission: string;
  /** The endpoint is not AWS, so a call that it does not know is a feature that it lacks. */
  isCustom: boolean;
  /** Not about the bucket: that something is not there says nothing of it. */
  isAccount?: boolean;
}

/** Makes a fact of an answer or a refusal. Throws only `bad-credentials` and `bucket-not-found`, which spoil every fact. */
export async function askFact<T>(question: Question, ask: () => Promise<T | null>): Promise<Fact<T>> {
  try {
    return { state: 'known', value: await ask() };
  } catch (error) {
    if (!isAssayError(error)) throw error;
    const failure = error.cause instanceof S3Failure ? error.cause : undefined;
    if (failure !== undefined && NONE.has(failure.word)) return { state: 'known', value: null };
    if (error.code === 'bad-credentials' || (error.code === 'bucket-not-found' && question.isAccount !== true))
      throw error;
    return refusal(question, failure, error.code);
  }
}

function refusal<T>({ call, permission, isCustom }: Question, failure: S3Failure | undefined, code: string): Fact<T> {
  const lacks =
    failure !== undefined && (UNSUPPORTED.has(failure.word) || failure.status === 501 || failure.status === 405);
  // AWS answers 405 to a caller of another account: that is a refusal.
  if (lacks && isCustom) return { state: 'unsupported', call };
  if (failure?.status === 403) return { state: 'refused', call, reason: 'AccessDenied', permission };
  const word = failure?.word ?? '';
  return { state: 'refused', call, reason: /^[A-Za-z]{1,60}$/.test(word) ? word : code, permission };
}

/** A switch that the store leaves out is off. */
type Switches = { [Name in keyof S3PublicAccessBlock]?: boolean | undefined };

export function allSwitches(block: Switches | undefined): S3PublicAccessBlock {
  if (block === undefined) throw new NotAnswered();
  return {
    BlockPublicAcls: block.BlockPublicAcls ?? false,
    IgnorePublicAcls: block.IgnorePublicAcls ?? false,
    BlockPublicPolicy: block.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: block.RestrictPublicBuckets ?? false,
  };
}
