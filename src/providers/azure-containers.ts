import type { BucketRef } from '../model/object.ts';
import type { AzureCalls } from './azure-calls.ts';

const CALL = 'az:ListContainers';

/** Every container of a storage account. Throws `AssayError`. */
export async function* listContainers(
  calls: AzureCalls,
  account: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<BucketRef[]> {
  const all: BucketRef = { provider: 'azure-blob', uri: `az://${account}`, name: `${account}/` };
  const operation = await calls.operation(CALL, all);
  const { pageSize } = calls.options;
  let marker: string | undefined;
  do {
    const page = await calls.send(operation, signal, async (abortSignal) => {
      const service = (await calls.account(all)).service();
      const pages = service.listContainers({ abortSignal }).byPage({
        ...(pageSize === undefined ? {} : { maxPageSize: pageSize }),
        ...(marker === undefined ? {} : { continuationToken: marker }),
      });
      const { value } = await pages.next();
      return value;
    });
    yield (page?.containerItems ?? []).map(({ name }: { name: string }): BucketRef => {
      return { provider: 'azure-blob', uri: `az://${account}/${name}`, name: `${account}/${name}` };
    });
    marker = page?.continuationToken || undefined;
  } while (marker !== undefined);
}
