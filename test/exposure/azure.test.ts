import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { judge, OTHER_TENANT, TENANT } from './azure-sample.ts';

const CLOSED_NETWORK = { defaultAction: 'Deny', bypass: 'None', ipRules: [], virtualNetworkRules: [] };
const open = (name = 'lake', publicAccess = 'Container') => [{ name, publicAccess }];

test('the level of a container opens it as far as the account lets it', () => {
  for (const [allow, level, list, read] of [
    [true, 'Container', 'public', 'public'],
    [true, 'Blob', 'private', 'public'],
    [true, 'None', 'private', 'private'],
    [true, null, 'private', 'private'],
    [null, 'Container', 'public', 'public'],
    [null, 'Blob', 'private', 'public'],
    [undefined, 'Container', 'public', 'public'],
    [false, 'Container', 'private', 'private'],
    [false, 'Blob', 'private', 'private'],
    ['False', 'Blob', 'private', 'private'],
  ] as const) {
    const facts = { account: { allowBlobPublicAccess: allow }, containers: [{ name: 'lake', publicAccess: level }] };
    const { effective, public: isOpen, verdict } = judge({ facts });
    assert.deepEqual([effective.list, effective.read], [list, read], `${allow} ${level}`);
    assert.deepEqual(
      [effective.write, effective.delete, effective.changePermissions],
      ['private', 'private', 'private'],
    );
    assert.equal(isOpen, read === 'public');
    assert.equal(verdict, read);
  }
});

test('the level is understood as the API, the SDK, the command line and Terraform write it', () => {
  const levels = {
    container: 'public',
    Container: 'public',
    blob: 'public',
    off: 'private',
    private: 'private',
    '': 'private',
  };
  for (const [level, verdict] of Object.entries(levels)) {
    assert.equal(judge({ facts: { account: {}, containers: open('lake', level) } }).verdict, verdict, level);
  }
  const wrapped = { value: [{ name: 'lake', properties: { publicAccess: 'Blob' } }] };
  const account = { name: 'account', properties: { networkRuleSet: { defaultAction: 'Allow' } } };
  assert.equal(judge({ facts: { account, containers: wrapped } }).verdict, 'public');
});

test('a level that Azure does not have yet is unknown, not closed', () => {
  const answer = judge({ facts: { account: {}, containers: open('lake', 'Everyone') } });
  assert.deepEqual([answer.verdict, answer.public], ['unknown', 'unknown']);
});

test('what a switch stops is kept as dormant, with the switch that stops it', () => {
  const facts = { account: { allowBlobPublicAccess: false }, containers: open() };
  const { grants, because, vendorPublic } = judge({ facts });
  const [grant] = grants;
  assert.deepEqual(
    [grant?.principal.class, grant?.state, grant?.blockedBy, grant?.path],
    ['internet', 'dormant', ['account.allowBlobPublicAccess=false'], 'container-public-access'],
  );
  assert.match(
    because.join(' '),
    /could list the keys and read objects of lake.*Only account\.allowBlobPublicAccess=false stops it/,
  );
  assert.match(grant?.fix.join(' ') ?? '', /opens again as soon as/);
  assert.equal(vendorPublic, false);
});

test('the network decides what the vendor calls public', () => {
  const account = { allowBlobPublicAccess: true };
  for (const [settings, verdict, isOpen] of [
    [{ publicNetworkAccess: 'Disabled' }, 'private', false],
    [{ publicNetworkAccess: 'disabled', networkAcls: { defaultAction: 'Allow' } }, 'private', false],
    [{ publicNetworkAccess: 'Enabled' }, 'public', true],
    [{ publicNetworkAccess: null, networkAcls: null }, 'public', true],
    [{ publicNetworkAccess: 'SecuredByPerimeter' }, 'unknown', 'unknown'],
    [{ networkAcls: CLOSED_NETWORK }, 'private', false],
    [
      { networkAcls: { ...CLOSED_NETWORK, defaultAction: 'Allow', ipRules: [{ value: '16.17.18.0/24' }] } },
      'public',
      true,
    ],
    [{ networkAcls: { ipRules: [] } }, 'public', true],
  ] as const) {
    const answer = judge({ facts: { account: { ...account, ...settings }, containers: open() } });
    assert.deepEqual([answer.verdict, answer.public], [verdict, isOpen], JSON.stringify(settings));
    assert.equal(answer.vendorPublic, true);
  }
});

test('rules that let in the whole internet do not close anything', () => {
  for (const [ranges, verdict] of [
    [['0.0.0.0/0'], 'public'],
    [['0.0.0.0/1', '128.0.0.0/1'], 'public'],
    [['20.0.0.0/7'], 'public'],
    [['::/0'], 'public'],
    [Array.from({ length: 128 }, (_unused, at) => `${at}.0.0.0/8`), 'public'],
    [['20.0.0.0/8'], 'organization'],
    [['16.17.18.19'], 'organization'],
    [['no address'], 'organization'],
  ] as const) {
    const networkAcls = { ...CLOSED_NETWORK, ipRules: ranges.map((value) => ({ value, action: 'Allow' })) };
    assert.equal(judge({ facts: { account: { networkAcls }, containers: open() } }).verdict, verdict, ranges[0]);
  }
});

test('networks that the rules name read what the level opens, and the internet does not', () => {
  const networkAcls = {
    ...CLOSED_NETWORK,
    ipRules: [{ value: '16.17.18.0/24' }],
    virtualNetworkRules: [{ id: '/subnet' }],
  };
  const { grants, verdict, public: isOpen } = judge({ facts: { account: { networkAcls }, containers: open() } });
  assert.deepEqual([verdict, isOpen], ['organization', false]);
  assert.deepEqual(
    grants.slice(0, 2).map(({ principal, state }) => [principal.class, principal.ids, state]),
    [
      ['internet', ['*'], 'dormant'],
      ['network', ['16.17.18.0/24', '/subnet'], 'effective'],
    ],
  );
});

test('a resource of another tenant that passes the rules is foreign, one of the own is not', () => {
  const rule = (tenantId: string) => ({
    ...CLOSED_NETWORK,
    resourceAccessRules: [{ tenantId, resourceId: '/workspace' }],
  });
  const facts = (tenantId: string) => ({ account: { networkAcls: rule(tenantId) }, containers: open() });
  const foreign = judge({ facts: facts(OTHER_TENANT), owner: { org: TENANT } });
  assert.deepEqual([foreign.verdict, foreign.crossAccount], ['cross-account', [`tenant:${OTHER_TENANT}`]]);
  assert.equal(judge({ facts: facts(TENANT), owner: { org: TENANT } }).verdict, 'organization');
  assert.equal(judge({ facts: facts(OTHER_TENANT) }).verdict, 'unknown');
});

test('a static website serves its container whatever account and container say, but not through a closed network', () => {
  const containers = [
    { name: '$web', publicAccess: 'None' },
    { name: 'lake', publicAccess: null },
  ];
  const account = { allowBlobPublicAccess: false, staticWebsite: true };
  const answer = judge({ facts: { account, containers } });
  assert.deepEqual([answer.public, answer.effective.list, answer.effective.read], [true, 'private', 'public']);
  assert.match(answer.fix.join(' '), /--static-website false/);
  assert.equal(
    judge({ facts: { account: { ...account, publicNetworkAccess: 'Disabled' }, containers } }).public,
    false,
  );
  assert.equal(judge({ facts: { account: { ...account, staticWebsite: false }, containers } }).public, false);
  assert.equal(judge({ facts: { account: { allowBlobPublicAccess: false }, containers } }).public, 'unknown');
  assert.equal(judge({ facts: { account, containers }, bucket: 'account/lake' }).public, false);
  assert.equal(judge({ facts: { account, staticWebsite: { enabled: false }, containers } }).public, false);
  const closed = { allowBlobPublicAccess: false, staticWebsite: undefined };
  assert.equal(
    judge({ facts: { account: closed, containers: { unavailable: 'AccessDenied' } }, bucket: 'account/$web' }).public,
    'unknown',
  );
  assert.equal(judge({ facts: { account, containers: open('lake', 'None') } }).public, false);
});

test('the facts of one container are picked by its name; a name that is none is that of the account', () => {
  const containers = [...open('a'), ...open('b', 'None')];
  const verdictOf = (bucket: string) => judge({ facts: { account: {}, containers }, bucket }).verdict;
  assert.deepEqual([verdictOf('account/a'), verdictOf('account/b'), verdictOf('b')], ['public', 'private', 'private']);
  assert.equal(verdictOf('account'), 'public');
  const document = { provider: 'azure-blob', bucket: 'account/c', facts: { account: {}, containers } };
  assert.match(JSON.stringify(readEvidence(document)), /does not name c/);
});

test('a refused fact leaves unknown what depends on it, and nothing else', () => {
  const refused = { unavailable: 'AuthorizationFailed' };
  const level = judge({ facts: { account: {}, containers: refused } });
  assert.deepEqual([level.verdict, level.public, level.effective.write], ['unknown', 'unknown', 'private']);
  assert.deepEqual(level.unknowns[0]?.permission, 'Microsoft.Storage/storageAccounts/blobServices/containers/read');
  assert.match(level.fix.join(' '), /grant it Microsoft\.Storage/);

  const account = judge({ facts: { account: refused, containers: open() } });
  assert.deepEqual([account.verdict, account.public, account.vendorPublic], ['unknown', 'unknown', 'unknown']);
  assert.equal(judge({ facts: { containers: open() } }).public, 'unknown');
  assert.equal(judge({ facts: { account: refused, containers: open('lake', 'None') } }).public, false);

  for (const settings of [
    { allowBlobPublicAccess: false },
    { publicNetworkAccess: 'Disabled' },
    { networkAcls: CLOSED_NETWORK },
  ]) {
    const guarded = judge({ facts: { account: settings, containers: refused } });
    assert.deepEqual([guarded.verdict, guarded.public], ['private', false]);
  }
  const networkAcls = { ...CLOSED_NETWORK, ipRules: [{ value: '16.17.18.0/24' }] };
  const limited = judge({ facts: { account: { networkAcls }, containers: refused } });
  assert.deepEqual([limited.verdict, limited.public], ['organization', false]);
});

test('a store without account settings has no switch that could stop its containers', () => {
  const facts = { account: { unavailable: 'NotImplemented' }, containers: open() };
  const { verdict, public: isOpen, unknowns } = judge({ facts });
  assert.deepEqual([verdict, isOpen, unknowns], ['public', true, []]);
});

test('no containers, and an account of which nothing is known to be set, are private', () => {
  for (const containers of [null, []]) {
    const { verdict, public: isOpen, because } = judge({ facts: { account: null, containers } });
    assert.deepEqual([verdict, isOpen], ['private', false]);
    assert.match(because[0] ?? '', /No container here is open/);
  }
});

test('facts of another shape are named and not judged', () => {
  for (const [name, given] of Object.entries({
    account: 'text',
    containers: [{ publicAccess: 'Blob' }],
    staticWebsite: 'yes',
    roleAssignments: [{}],
  })) {
    const read = readEvidence({ provider: 'azure-blob', facts: { account: {}, containers: [], [name]: given } });
    assert.deepEqual('error' in read && read.error, `facts.${name} cannot be read`);
  }
});
