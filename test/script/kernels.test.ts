import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assemble, assembledFile, KERNELS } from '../../script/kernels.ts';

test('every kernel in the tree is what its source assembles to', async () => {
  assert.ok(KERNELS.length > 0);
  for (const file of KERNELS) {
    assert.ok(
      Buffer.from(await assemble(file)).equals(readFileSync(assembledFile(file))),
      `${file}: run script/kernels.ts`,
    );
  }
});
