import * as path from 'node:path';
import {
  App, aws_certificatemanager as acm, aws_route53 as route53, aws_route53_targets as targets, aws_s3 as s3, Stack, type StackProps,
} from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, type OidcIssuer, PublicKeys, SelfHostedIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const ACCOUNT = '123456789012';
const DOMAIN = 'oidc.mycluster.example.com';

/** The issuer of a cluster on premises: no bucket, no Lambda. In us-east-1, where CloudFront has its certificates. */
class IssuerStack extends Stack {
  public readonly issuer: OidcIssuer;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName: 'example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
    const hosted = SelfHostedIssuer.cloudFrontFunction(this, 'Issuer', {
      // sa-next.pub will sign from the next rotation on: it is published before
      keys: PublicKeys.fromFile(path.join(__dirname, 'sa.pub'), path.join(__dirname, 'sa-next.pub')),
      domainName: DOMAIN,
      certificate: new acm.Certificate(this, 'Certificate', { domainName: DOMAIN, validation: acm.CertificateValidation.fromDns(zone) }),
    });
    this.issuer = hosted.issuer;

    // below the issuer: providers wait for it, too
    new route53.ARecord(hosted, 'Record', {
      zone, recordName: DOMAIN, target: route53.RecordTarget.fromAlias(new targets.CloudFrontTarget(hosted.distribution!)),
    });
  }
}

interface WorkloadStackProps extends StackProps {
  readonly issuer: OidcIssuer;
}

/** What runs in the cluster, and the data in AWS that it reads. */
class WorkloadStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkloadStackProps) {
    super(scope, id, props);
    const role = new IrsaRole(this, 'Reader', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer: props.issuer })],
      serviceAccounts: [ServiceAccountSubject.of('default', 'reader')],
    });
    new s3.Bucket(this, 'Reports', { enforceSSL: true }).grantRead(role);

    const chart = new Manifests(this, 'Manifests').addChart('reader', { namespace: 'default' });
    new kplus.Deployment(chart, 'Reader', {
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
      containers: [{ image: 'public.ecr.aws/docker/library/nginx:1.29' }],
    });
  }
}

const app = new App();
const { issuer } = new IssuerStack(app, 'Issuer', { env: { account: ACCOUNT, region: 'us-east-1' } });
new WorkloadStack(app, 'Workload', { env: { account: ACCOUNT, region: 'eu-central-1' }, issuer });
