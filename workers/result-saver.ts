import type { ObjectResult, ShardRow } from '../src/model/ledger.ts';
import { objectUri } from '../src/model/object.ts';
import type { ScanContext } from './scan-context.ts';

const MAX_RESULTS = 64;
const MAX_DELAY_MS = 250;

/** Collects the answers for one shard, commits them a batch at a time, and tells of them once they are committed. */
export class ResultSaver {
  private readonly context: ScanContext;
  private readonly shard: ShardRow;
  private batch: ObjectResult[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(context: ScanContext, shard: ShardRow) {
    this.context = context;
    this.shard = shard;
  }

  /** Answers when the batch in front of this one is committed, so that a slow ledger holds back the scanning. */
  async add(results: ObjectResult[]): Promise<void> {
    this.batch.push(...results);
    if (this.batch.length >= MAX_RESULTS) await this.flush();
    else this.timer ??= setTimeout(() => this.flush().catch(() => {}), MAX_DELAY_MS);
  }

  /** Commits what is left. Throws the first error of any commit. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { batch } = this;
    this.batch = [];
    this.writing = this.writing
      .then(() => this.commit(batch))
      .catch((error: unknown) => this.giveBack(batch).then(() => Promise.reject(error)));
    await this.writing;
  }

  /** What was read and could not be saved was no crash of its reader. */
  private async giveBack(batch: ObjectResult[]): Promise<void> {
    const indexes = batch.filter(({ reused }) => !reused).map(({ index }) => index);
    await this.context.ledger.unstartObjects(this.shard.id, indexes).catch(() => {});
  }

  private async commit(batch: ObjectResult[]): Promise<void> {
    if (batch.length === 0) return;
    await this.context.ledger.saveObjects(this.shard.id, batch);
    const { emit, meter } = this.context;
    for (const { index, scan, reused } of batch) {
      const object = this.shard.objects[index];
      if (object === undefined) continue;
      const { bucket, version, byteLength } = object;
      meter.done(1, byteLength, scan.values.length + scan.columns.length);
      emit({ type: 'object', object: { uri: objectUri(bucket, scan.shownKey), version, byteLength, reused, scan } });
    }
  }
}
