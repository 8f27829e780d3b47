import type { Fact, S3Evidence, S3PublicAccessBlock } from '../model/exposure.ts';

/** A switch of Block Public Access over both levels: on at one is on. `by` names where. */
export interface Guard {
  state: 'on' | 'off' | 'unknown';
  by: string[];
}
type Switch = keyof S3PublicAccessBlock;

/** The two switches that change what exists; the other two only refuse future changes. */
export function guards(evidence: S3Evidence): { restrict: Guard; ignoreAcls: Guard } {
  const of = guard([
    { level: 'account', fact: evidence.accountPublicAccessBlock },
    { level: 'bucket', fact: evidence.publicAccessBlock },
  ]);
  return { restrict: of('RestrictPublicBuckets'), ignoreAcls: of('IgnorePublicAcls') };
}

export function guard(levels: readonly { level: string; fact: Fact<S3PublicAccessBlock> }[]): (name: Switch) => Guard {
  return (name) => {
    const by = levels.filter(({ fact }) => fact.state === 'known' && fact.value?.[name] === true);
    if (by.length > 0) return { state: 'on', by: by.map(({ level }) => `${level}.${name}`) };
    return { state: levels.some(({ fact }) => fact.state === 'refused') ? 'unknown' : 'off', by: [] };
  };
}
