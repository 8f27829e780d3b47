import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssayError } from '../../src/errors.ts';
import { outcomeOfError, placeOfError } from '../../workers/outcome-of-error.ts';

test('errors of reading become the outcome that names them', () => {
  assert.equal(outcomeOfError(new AssayError('access-denied', 'no')), 'failed:access-denied');
  assert.equal(outcomeOfError(new AssayError('object-changed', 'no')), 'failed:object-changed');
  assert.equal(outcomeOfError(new AssayError('archived-tier', 'no')), 'skipped:archived-tier');
  assert.equal(outcomeOfError(new TypeError('x is not a function')), 'failed:internal');
});

test('the place of an unexpected error names kind, file and line, and never the message', () => {
  const root = new URL('../../', import.meta.url).pathname;
  const error = new TypeError(`unexpected token hunter2\n    at read (${root}hunter2.ts:1:1)`);
  const place = placeOfError(error, root);
  assert.match(place, /^TypeError test\/workers\/outcome-of-error\.test\.ts:\d+$/);
  assert.equal(placeOfError('hunter2', root), 'thrown value');
});
