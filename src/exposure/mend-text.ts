import type { S3AccessPoint, S3Evidence } from '../model/exposure.ts';
import { difference } from './difference.ts';
import { quoted } from './fix.ts';
import type { Mend } from './mend.ts';
import { withoutGone } from './policy-edits.ts';

/** What to apply for all steps together: difference, commands and Terraform, a text each. */
export function mendTexts({ after }: Mend, before: S3Evidence): string[] {
  return [
    ...policyTexts(before, after),
    ...aclTexts(before, after),
    ...switchTexts(before, after),
    ...pointTexts(before, after, 'accessPoints'),
    ...pointTexts(before, after, 'multiRegionAccessPoints'),
  ];
}

function policyTexts(before: S3Evidence, after: S3Evidence): string[] {
  if (before.policy === after.policy || before.policy.state !== 'known' || after.policy.state !== 'known') return [];
  const document = withoutGone(after.policy.value);
  const body = difference('policy.json', before.policy.value, document);
  if (document === null) return [body, aws(before, 's3api delete-bucket-policy')];
  return [
    body,
    aws(before, 's3api put-bucket-policy', `--policy ${quoted(JSON.stringify(document))}`),
    terraform('aws_s3_bucket_policy', before, `  policy = jsonencode(${hcl(document)})`),
  ];
}

function aclTexts(before: S3Evidence, after: S3Evidence): string[] {
  if (before.acl === after.acl || after.acl.state !== 'known' || after.acl.value === null) return [];
  const { Owner, Grants } = after.acl.value;
  const kept = Grants.filter(({ Grantee }) => Grantee !== undefined);
  if (kept.every(({ Grantee }) => Grantee?.ID !== undefined && Grantee.ID === Owner?.ID)) {
    return [
      aws(before, 's3api put-bucket-acl', '--acl private'),
      terraform('aws_s3_bucket_acl', before, '  acl    = "private"'),
    ];
  }
  const document = quoted(JSON.stringify({ Owner, Grants: kept }));
  return [aws(before, 's3api put-bucket-acl', `--access-control-policy ${document}`)];
}

function switchTexts(before: S3Evidence, after: S3Evidence): string[] {
  const texts: string[] = [];
  const block = after.publicAccessBlock;
  if (block !== before.publicAccessBlock && block.state === 'known' && block.value !== null) {
    const switches = Object.entries(block.value);
    const words = switches.map(([name, isOn]) => `${name}=${isOn}`).join(',');
    const lines = switches.map(([name, isOn]) => `  ${snake(name).padEnd(23)} = ${isOn}`);
    texts.push(
      aws(before, 's3api put-public-access-block', `--public-access-block-configuration ${words}`),
      terraform('aws_s3_bucket_public_access_block', before, lines.join('\n')),
    );
  }
  if (after.objectOwnership !== before.objectOwnership) {
    const rule = 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]';
    texts.push(
      aws(before, 's3api put-bucket-ownership-controls', `--ownership-controls ${quoted(rule)}`),
      terraform(
        'aws_s3_bucket_ownership_controls',
        before,
        '  rule {\n    object_ownership = "BucketOwnerEnforced"\n  }',
      ),
    );
  }
  return texts;
}

function pointTexts(before: S3Evidence, after: S3Evidence, kind: 'accessPoints' | 'multiRegionAccessPoints'): string[] {
  const [old, now] = [before[kind], after[kind]];
  if (old === now || old?.state !== 'known' || now?.state !== 'known') return [];
  const account = before.owner.account ?? 'ACCOUNT';
  return (now.value ?? []).flatMap((point, index) => {
    const was = old.value?.[index];
    if (was === undefined || was.policy === point.policy) return [];
    return pointText(was, point, account, kind === 'multiRegionAccessPoints');
  });
}

function pointText(
  was: S3AccessPoint,
  { name, policy }: S3AccessPoint,
  account: string,
  isRegional: boolean,
): string[] {
  const value = policy.state === 'known' ? withoutGone(policy.value) : null;
  const body = difference(`${name}.json`, was.policy.state === 'known' ? was.policy.value : null, value);
  const at = `--account-id ${quoted(account)}`;
  if (isRegional) {
    const details = quoted(JSON.stringify({ Name: name, Policy: JSON.stringify(value ?? {}) }));
    return [body, `aws s3control put-multi-region-access-point-policy ${at} --region us-west-2 --details ${details}`];
  }
  if (value === null) return [body, `aws s3control delete-access-point-policy ${at} --name ${quoted(name)}`];
  const document = quoted(JSON.stringify(value));
  return [body, `aws s3control put-access-point-policy ${at} --name ${quoted(name)} --policy ${document}`];
}

export function aws({ bucket, endpoint }: S3Evidence, command: string, rest = ''): string {
  const at = endpoint === null ? '' : ` --endpoint-url ${quoted(endpoint)}`;
  return `aws ${command} --bucket ${quoted(bucket ?? 'BUCKET')}${rest === '' ? '' : ` ${rest}`}${at}`;
}

function terraform(type: string, { bucket }: S3Evidence, body: string): string {
  const name = (bucket ?? 'bucket').replace(/[^\w-]/g, '_').replace(/^(?=[\d-])/, '_');
  return `resource "${type}" "${name}" {\n  bucket = ${JSON.stringify(bucket ?? 'BUCKET')}\n${body}\n}`;
}

/** JSON is an expression of Terraform's language, but for the beginnings of its templates. */
function hcl(document: unknown): string {
  const text = JSON.stringify(document, null, 2).replace(/([$%])\{/g, '$1$1{');
  return text.replaceAll('\n', '\n  ');
}

function snake(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
