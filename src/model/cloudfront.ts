/** Of a distribution, in the words of ListDistributions, what decides who reaches its origins. */
export interface CloudFrontDistribution {
  Id?: string;
  ARN?: string;
  DomainName?: string;
  Enabled?: boolean;
  /** Empty: no web ACL. */
  WebACLId?: string;
  Origins?: {
    Items?: {
      Id?: string;
      DomainName?: string;
      OriginPath?: string;
      OriginAccessControlId?: string;
      S3OriginConfig?: { OriginAccessIdentity?: string };
    }[];
  };
  OriginGroups?: { Items?: { Id?: string; Members?: { Items?: { OriginId?: string }[] } }[] };
  DefaultCacheBehavior?: CloudFrontBehavior;
  CacheBehaviors?: { Items?: CloudFrontBehavior[] };
  /** Certificates that viewers must show. */
  ViewerMtlsConfig?: { Mode?: string };
  ConnectionFunctionAssociation?: { Id?: string };
}
export interface CloudFrontBehavior {
  PathPattern?: string;
  TargetOriginId?: string;
  TrustedSigners?: { Enabled?: boolean };
  TrustedKeyGroups?: { Enabled?: boolean };
  AllowedMethods?: { Items?: string[] };
  FunctionAssociations?: { Items?: { EventType?: string }[] };
  LambdaFunctionAssociations?: { Items?: { EventType?: string }[] };
}
