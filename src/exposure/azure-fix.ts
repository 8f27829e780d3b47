import type { AzureAccount, AzureEvidence, AzureNetworkRules, Grant } from '../model/exposure.ts';
import { accountSwitch, containersOf, publicLevel, WEB } from './azure-anonymous.ts';
import { addressesOf, isInternet } from './azure-network.ts';
import { quoted } from './fix.ts';

/** One change to what is configured: to the facts, so that it can be judged before it is made, and for a person. */
export interface AzureEdit {
  words: string;
  command: string;
  terraform: string;
  apply(evidence: AzureEvidence): AzureEvidence;
}

/** The fewest changes, one kind after the other, after which `isOpen` no longer holds. */
export function smallestEdits(evidence: AzureEvidence, isOpen: (evidence: AzureEvidence) => boolean): AzureEdit[] {
  const edits: AzureEdit[] = [];
  let current = evidence;
  for (const edit of candidates(evidence)) {
    if (!isOpen(current)) break;
    const next = edit.apply(current);
    edits.push(edit);
    current = next;
  }
  // What an earlier change made needless is left out.
  return edits.filter((edit) =>
    isOpen(edits.reduce((left, other) => (other === edit ? left : other.apply(left)), evidence)),
  );
}

/** One open container is closed by itself, several by the switch above them; then what the switch does not reach. */
function candidates(evidence: AzureEvidence): AzureEdit[] {
  const open = containersOf(evidence).filter(({ publicAccess }) => publicLevel(publicAccess) !== 'none');
  const hasSwitch = evidence.account.state !== 'unsupported' && accountSwitch(evidence) !== 'off';
  const byLevel = open.map(({ name }) => levelEdit(evidence, name));
  return [
    ...(open.length > 1 && hasSwitch ? [switchEdit(evidence)] : byLevel),
    websiteEdit(evidence),
    networkEdit(evidence),
  ];
}

function levelEdit(evidence: AzureEvidence, container: string): AzureEdit {
  return {
    words: `Set the public access level of container ${container} to none.`,
    command: `az storage container set-permission --account-name ${account(evidence)} --name ${quoted(container)} --public-access off${endpointOf(evidence)}`,
    terraform: `azurerm_storage_container: container_access_type = "private"   # ${container}`,
    apply: (given) =>
      given.containers.state !== 'known'
        ? given
        : {
            ...given,
            containers: {
              state: 'known',
              value: (given.containers.value ?? []).map((one) =>
                one.name === container ? { ...one, publicAccess: null } : one,
              ),
            },
          },
  };
}

function switchEdit(evidence: AzureEvidence): AzureEdit {
  return {
    words: 'Turn allowBlobPublicAccess of the account off: it closes every container at once, whatever its level.',
    command: `az storage account update --name ${account(evidence)} --allow-blob-public-access false`,
    terraform: 'azurerm_storage_account: allow_nested_items_to_be_public = false',
    apply: (given) => withAccount(given, { allowBlobPublicAccess: false }),
  };
}

function websiteEdit(evidence: AzureEvidence): AzureEdit {
  return {
    words: `Turn the static website off: it serves container ${WEB} to everyone, whatever the account allows.`,
    command: `az storage blob service-properties update --account-name ${account(evidence)} --static-website false${endpointOf(evidence)}`,
    terraform: 'azurerm_storage_account: remove the static_website block (azurerm_storage_account_static_website)',
    apply: (given) => ({ ...given, staticWebsite: { state: 'known', value: false } }),
  };
}

/** The last resort: it also stops signed requests from elsewhere. */
function networkEdit(evidence: AzureEvidence): AzureEdit {
  return {
    words:
      'Let the network rules of the account refuse what they do not name, and name no range of the whole internet.',
    command: `az storage account update --name ${account(evidence)} --default-action Deny`,
    terraform: 'azurerm_storage_account: network_rules { default_action = "Deny" }',
    apply: (given) => {
      const rules = (given.account.state === 'known' ? given.account.value?.networkAcls : null) ?? {};
      return withAccount(given, { networkAcls: { ...rules, defaultAction: 'Deny', ipRules: narrowRules(rules) } });
    },
  };
}

function narrowRules(rules: AzureNetworkRules): NonNullable<AzureNetworkRules['ipRules']> {
  return isInternet(addressesOf(rules)) ? [] : (rules.ipRules ?? []);
}

/** The change that ends one grant, in words and as a command. */
export function grantFix(grant: Grant, evidence: AzureEvidence): string[] {
  const { cause, principal, blockedBy = [] } = grant;
  const [id = ''] = principal.ids;
  switch (grant.path) {
    case 'container-public-access': {
      if (cause.sid === undefined) return [];
      const { words, command } = levelEdit(evidence, cause.sid);
      const again =
        grant.state === 'effective' ? '' : ` It opens again as soon as ${blockedBy.join(' or ')} is undone.`;
      return [words + again, command];
    }
    case 'website': {
      const { words, command } = websiteEdit(evidence);
      return [words, command];
    }
    case 'sas':
      return [
        `Delete stored access policy ${cause.sid} when no SAS of it is needed: all of them end with it.`,
        `az storage container policy delete --account-name ${account(evidence)} --container-name ${quoted(evidence.container ?? 'CONTAINER')} --name ${quoted(cause.sid ?? '')}${endpointOf(evidence)}`,
      ];
    case 'shared-key':
      return [
        'Turn allowSharedKeyAccess of the account off when nothing signs with its keys: every SAS made with them ends too.',
        `az storage account update --name ${account(evidence)} --allow-shared-key-access false`,
      ];
    case 'rbac':
      return [
        `Delete the role assignment of ${id} when it is not needed.`,
        `az role assignment delete --assignee ${quoted(id)} --scope ${quoted(cause.sid ?? '/')}`,
      ];
    case 'replication-out':
      return [`Delete the object replication policy to ${id}, or add its subscription to the trusted accounts.`];
    default:
      return [];
  }
}

function withAccount(given: AzureEvidence, change: AzureAccount): AzureEvidence {
  const value = given.account.state === 'known' ? given.account.value : null;
  return { ...given, account: { state: 'known', value: { ...value, ...change } } };
}

/** Of what is asked at the account itself and not at the management API. */
function endpointOf({ endpoint }: AzureEvidence): string {
  return endpoint === null ? '' : ` --blob-endpoint ${quoted(endpoint)}`;
}

function account({ storageAccount }: AzureEvidence): string {
  return quoted(storageAccount ?? 'ACCOUNT');
}
