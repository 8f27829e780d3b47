import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../detectors/sample.ts';
import { judgeAssignment } from '../../detectors/validators/assigned-secret.ts';
import { base36Crc32 } from '../../detectors/validators/base36-crc32.ts';
import { base62Crc32, judgeBase62Crc32 } from '../../detectors/validators/base62-crc32.ts';
import { crc32, toBase } from '../../detectors/validators/crc32.ts';
import { countLetters, entropyOf, isMadeOf } from '../../detectors/validators/entropy.ts';
import { fineGrainedCheck } from '../../detectors/validators/github-fine-grained.ts';
import { hexCrc32, upperHexCrc32 } from '../../detectors/validators/hex-crc32.ts';
import { judgeJwt } from '../../detectors/validators/jwt.ts';
import { judgePem, pemBody } from '../../detectors/validators/pem.ts';
import { looksTyped, placeholderReason } from '../../detectors/validators/placeholder.ts';
import { randomBody } from '../../detectors/validators/random-body.ts';
import { isExampleHost, issuerOfHost, isTemplate, judgeUrlPassword } from '../../detectors/validators/uri.ts';

describe('checksums', () => {
  // 0xcbf43926 is the check value of CRC-32 in every catalogue of CRCs.
  test('CRC-32 of the nine digits is the published check value', () => {
    assert.equal(crc32('123456789'), 0xcbf43926);
    assert.equal(crc32(''), 0);
  });

  test('a number is written with the digits of its alphabet and padded on the left', () => {
    assert.equal(toBase(0xcbf43926, '0123456789abcdef', 8), 'cbf43926');
    assert.equal(toBase(5, '01', 6), '000101');
  });

  test('hex checksums come in both byte orders', () => {
    assert.equal(upperHexCrc32('123456789'), 'CBF43926');
    assert.equal(hexCrc32('123456789', false), 'cbf43926');
    assert.equal(hexCrc32('123456789', true), '2639f4cb');
  });

  test('base 62 uses digits, then capitals, then small letters', () => {
    let rest = 0xcbf43926;
    let expected = '';
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    for (let i = 0; i < 6; i++) {
      expected = digits.charAt(rest % 62) + expected;
      rest = Math.floor(rest / 62);
    }
    assert.equal(base62Crc32('123456789'), expected);
    assert.equal(Number.parseInt(base36Crc32('123456789'), 36), 0xcbf43926);
  });

  test('the check of a fine-grained token is the beginning of the SHA-256 in base32', () => {
    // SHA-256 of "abc" begins ba 78 16 bf 8f (FIPS 180-4, example).
    assert.equal(fineGrainedCheck('abc'), 'XJ4BNP4P');
  });

  test('a wrong checksum lowers the odds and leaves the token likely', () => {
    const random = createRandom('checksum');
    const body = random.chars('base62', 30);
    const valid = judgeBase62Crc32(`ghp_${body}${base62Crc32(body)}`, 4);
    assert.deepEqual(valid.checks, [{ name: 'crc32', passed: true }]);
    assert.ok((valid.bits ?? 0) > 0);
    const other = judgeBase62Crc32(`ghp_${body}${base62Crc32(`${body}x`)}`, 4);
    assert.deepEqual(other.checks, [{ name: 'crc32', passed: false }]);
    assert.ok((other.bits ?? 0) < 0);
    assert.equal(other.suppressed, undefined);
  });
});

describe('bodies', () => {
  test('drawn bodies are not taken for placeholders', () => {
    for (const [alphabet, length] of [
      ['base62', 36],
      ['hex', 32],
      ['hex', 64],
      ['base32', 16],
      ['base64url', 93],
    ] as const) {
      const random = createRandom(`${alphabet}${length}`);
      let taken = 0;
      for (let i = 0; i < 2000; i++) {
        const body = random.chars(alphabet, length);
        if (placeholderReason(body) !== null || looksTyped(body)) taken++;
      }
      assert.ok(taken <= 2, `${alphabet}:${length}: ${taken} of 2000`);
    }
  });

  test('what people type for a token is a placeholder', () => {
    const typed = [
      'x'.repeat(36),
      'your-api-key-goes-here-please',
      `${'IOSFODNN7'}${'EXAMPLE'}`,
      '0123456789abcdef'.repeat(2),
      'abcd1234'.repeat(4),
    ];
    for (const body of typed) assert.equal(placeholderReason(body), 'placeholder', body);
    assert.equal(placeholderReason('aabbaabbbabaabab'), 'low-entropy');
  });

  test('counting in every second character looks typed', () => {
    assert.equal(looksTyped('a1b2c3d4e5f6g7h8i9j0'), true);
    assert.equal(looksTyped('klmnopqrstuv77x'), true);
  });

  test('a body that reads as a name of a program is not a token', () => {
    assert.equal(randomBody('hf_servingcellparameters', 3).suppressed, 'low-entropy');
  });

  test('entropy is that of the characters', () => {
    assert.equal(entropyOf(''), 0);
    assert.equal(entropyOf('aaaa'), 0);
    assert.equal(entropyOf('abcd'), 2);
    assert.deepEqual(countLetters('aB3-'), { lower: 1, upper: 1, digit: 1, other: 1 });
    assert.equal(isMadeOf('abba', 'ab'), true);
    assert.equal(isMadeOf('abca', 'ab'), false);
  });
});

describe('JSON web tokens', () => {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const token = (payload: unknown): string =>
    `${encode({ alg: 'HS256' })}.${encode(payload)}.${createRandom('jwt').chars('base64url', 43)}`;

  test('header and payload are read and named as checks', () => {
    const verdict = judgeJwt(token({ sub: 'a' }));
    assert.deepEqual(
      verdict.checks.map((check) => check.passed),
      [true, true],
    );
    assert.equal(verdict.suppressed, undefined);
    const broken = judgeJwt(`eyJxx.eyJyy.${createRandom(1).chars('base64url', 43)}`);
    assert.ok((broken.bits ?? 0) < (verdict.bits ?? 0));
  });

  test('the token of tutorials and keys for browsers are counted and not reported', () => {
    assert.equal(judgeJwt(token({ sub: '1234567890', name: 'John Doe' })).suppressed, 'documentation-value');
    assert.equal(judgeJwt(token({ iss: 'supabase', role: 'anon' })).suppressed, 'public-by-design');
  });

  test('the issuer comes from the token itself', () => {
    const service = judgeJwt(token({ iss: 'supabase', role: 'service_role' }));
    assert.equal(service.issuer, 'supabase');
    assert.equal(service.severity, 'critical');
    assert.equal(judgeJwt(token({ iss: 'https://sts.windows.net/17/' })).issuer, 'azure');
  });
});

describe('private keys', () => {
  test('the body is freed from escapes, quotes, time stamps and headers', () => {
    assert.equal(pemBody('\nAAAABBBB\r\nCCCC\n'), 'AAAABBBBCCCC');
    assert.equal(pemBody('\\nAAAABBBB\\nCCCC\\n'), 'AAAABBBBCCCC');
    assert.equal(pemBody('<br/>\nAAAABBBB<br/>\nCCCC<br/>\n').startsWith('AAAABBBB'), true);
    assert.equal(pemBody('\n+AAAABBBB\n+CCCC\n'), 'AAAABBBBCCCC');
    assert.equal(pemBody('"\n  "AAAABBBB\\n" +\n  "CCCCDDDD\\n'), 'AAAABBBBCCCCDDDD');
    assert.equal(pemBody('\nProc-Type: 4,ENCRYPTED\nAAAABBBB\n'), 'AAAABBBB');
  });

  test('an encrypted key is less severe', () => {
    const body = Buffer.concat([
      Buffer.from([0x30, 0x82, 0x02, 0x5c]),
      Buffer.from(createRandom(2).chars('base64', 400), 'base64'),
    ]).toString('base64');
    assert.equal(judgePem('RSA PRIVATE KEY', body).severity, undefined);
    assert.equal(judgePem('ENCRYPTED PRIVATE KEY', body).severity, 'medium');
    assert.deepEqual(judgePem('PRIVATE KEY', body).checks, [{ name: 'structure', passed: true }]);
  });

  test('random bytes that are no DER structure only lower the odds', () => {
    const body = Buffer.from(createRandom(3).chars('base64', 400), 'base64').fill(7, 0, 1).toString('base64');
    const verdict = judgePem('PRIVATE KEY', body);
    assert.deepEqual(verdict.checks, [{ name: 'structure', passed: false }]);
    assert.ok((verdict.bits ?? 0) < 0);
  });
});

describe('passwords in URLs', () => {
  test('templates and words of documentation are placeholders', () => {
    for (const password of ['$' + '{PASS}', '<password>', '{{ pass }}', 'password', '%s', '$DB_PASS', '\\$pass']) {
      assert.equal(judgeUrlPassword('app', password, 'db.internal')?.suppressed, 'placeholder', password);
    }
  });

  test('a password that begins with a dollar sign is not a variable', () => {
    assert.equal(isTemplate('$9xK!w2'), false);
    assert.equal(isTemplate('%40secret9'), false);
  });

  test('marks of a template count only around what a template could name', () => {
    for (const text of ['$' + '{DB.pass}', '{{ a.b | trim }}', '$(cat pw)', '#{conf["pw"]}', '$' + '{cut-off'])
      assert.equal(isTemplate(text), true, text);
    for (const text of ['kx{{h}o)p$' + '{e]nob(ody', '9$' + '{!a*b}', 'pa{{;}}ss'])
      assert.equal(isTemplate(text), false, text);
  });

  test('accounts open to everyone are public by design', () => {
    assert.equal(judgeUrlPassword('anonymous', 'anonymous@', 'files.internal')?.suppressed, 'public-by-design');
    assert.equal(judgeUrlPassword('', 'pserver:anoncvs', 'cvs.internal')?.suppressed, 'public-by-design');
  });

  test('only the end of a host name says whose it is', () => {
    assert.equal(issuerOfHost('GitHub.com'), 'github');
    assert.equal(issuerOfHost('git-codecommit.eu-west-1.amazonaws.com'), 'aws');
    assert.equal(issuerOfHost('github.com.files.internal'), null);
    assert.equal(issuerOfHost('notgithub.com'), null);
  });

  test('a host of documentation lowers the odds', () => {
    const real = judgeUrlPassword('app', 'Xk9mP3vN7q', 'db.internal')?.bits ?? 0;
    assert.ok((judgeUrlPassword('app', 'Xk9mP3vN7q', 'db.example.com')?.bits ?? 0) < real);
    assert.equal(isExampleHost('example.com.attacker.net'), false);
    assert.equal(isExampleHost('localhost'), true);
  });
});

describe('assignments', () => {
  const judge = (name: string, value: string, isQuoted = false) => judgeAssignment({ name, value, isQuoted });

  test('code that mentions a password is not a password', () => {
    for (const value of ['getPassword()', 'this.form.password2', 'string', 'user->passwd', 'request.body.pass']) {
      assert.equal(judge('password', value), null, value);
    }
  });

  test('a name that speaks of something else than the secret is no candidate', () => {
    for (const name of ['token_type', 'password_hash', 'secretArn', 'tokens', 'tokenizer', 'passenger', 'pwdump']) {
      assert.equal(judge(name, 'h7Gk2mQp9XvB4tRz81Lw', true), null, name);
    }
  });

  test('a drawn value under the name of a secret is one', () => {
    for (const name of ['password', 'api_key', 'clientSecret', 'access_token']) {
      assert.ok((judge(name, 'h7Gk2mQp9XvB4tRz81Lw', true)?.bits ?? -9) > 0.585, name);
    }
  });

  test('words never are a secret, whatever they are made of', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,10}([-_.][a-z]{3,10}){0,3}$/), (words) => {
        const verdict = judge('api_key', words, true);
        assert.ok(verdict === null || verdict.suppressed !== undefined);
      }),
    );
  });
});
