import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { AzureProvider } from '../../src/providers/azure.ts';
import { listening } from '../servers/server-process.ts';
import { azureBucket } from './azure-harness.ts';
import { coded, keysOf, list } from './contract.ts';

const bucket = azureBucket('lake', 'data');

/** A store that answers each listing with the next of these pages. */
async function listingOf(t: TestContext, pages: string[]) {
  const left = [...pages];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(left.shift() ?? '');
  });
  const port = await listening(server);
  t.after(() => server.close());
  const endpoint = `http://127.0.0.1:${port}/lake`;
  const provider = new AzureProvider({
    endpoint,
    env: { AZURE_STORAGE_SAS_TOKEN: 'sig=none' },
    maxRetries: 1,
    retryBaseMs: 1,
  });
  return { provider, bucket };
}

function blob(name: string, more = ''): string {
  const properties =
    '<Last-Modified>Wed, 01 Jul 2026 10:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>1</Content-Length>';
  return `<Blob>${name}<Properties>${properties}</Properties>${more}</Blob>`;
}

function page(blobs: string, next = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="data"><Blobs>${blobs}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
}

test('names come as they are stored, however the listing had to write them', async (t) => {
  const one = await listingOf(t, [
    page(
      [
        blob('<Name>carriage&#xD;return</Name>'),
        blob('<Name>decimal&#13;return</Name>'),
        blob('<Name>&amp;#xD;as it says</Name>'),
        blob('<Name>a&amp;&lt;b&gt;&quot;c&apos;</Name>'),
        blob('<Name Encoded="true">bell%07%20and%26more</Name>'),
        blob('<Name> spaces </Name>', '<Metadata><Name>not&#xD;this</Name></Metadata>'),
      ].join(''),
    ),
  ]);
  assert.deepEqual(keysOf(await list(one)), [
    'carriage\rreturn',
    'decimal\rreturn',
    '&#xD;as it says',
    'a&<b>"c\'',
    'bell\u0007 and&more',
    ' spaces ',
  ]);
});

test('an empty page that is not the last does not end a listing', async (t) => {
  const one = await listingOf(t, [page('', 'more'), page(blob('<Name>late</Name>'))]);
  assert.deepEqual(keysOf(await list(one)), ['late']);
});

test('a listing that names itself as its next page, or an entry without a size, is broken', async (t) => {
  await assert.rejects(list(await listingOf(t, [page('', 'same'), page('', 'same')])), coded('listing-failed'));
  const sizeless = '<Blob><Name>x</Name><Properties><Etag>0x1</Etag></Properties></Blob>';
  await assert.rejects(list(await listingOf(t, [page(sizeless)])), coded('listing-failed'));
});

test('an answer that is no listing is asked for again and then told', async (t) => {
  await assert.rejects(list(await listingOf(t, ['<not', '<not'])), coded('network'));
});
