import { App, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, Manifests, OidcIssuer, ServiceAccountSubject, WebIdentityInjection } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** One pod, two containers, two roles: one reads what customers send, the other writes what comes of it. Neither can do the other's work. */
class ManyRolesStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const incoming = new s3.Bucket(this, 'Incoming', { enforceSSL: true });
    const results = new s3.Bucket(this, 'Results', { enforceSSL: true });

    const provider = new ClusterOidcProvider(this, 'Provider', {
      issuer: OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643'),
      audiences: ['sts.amazonaws.com', 'uploads'],
    });
    const common = { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('pipeline', 'converter')] };
    const reader = new IrsaRole(this, 'Reader', common);
    incoming.grantRead(reader);
    // an audience of its own: a token of its own, which only its container has
    const uploader = new IrsaRole(this, 'Uploader', { ...common, audience: 'uploads' });
    results.grantPut(uploader);

    const chart = new Manifests(this, 'Manifests').addChart('converter', { namespace: 'pipeline' });
    const converter = new kplus.Deployment(chart, 'Converter', {
      serviceAccount: new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'converter' } }),
      containers: [
        { name: 'reader', image: 'converter-reader:1' },
        { name: 'uploader', image: 'converter-uploader:1' },
        { name: 'proxy', image: 'envoy:1', portNumber: 8080 },
      ],
    });
    WebIdentityInjection.into(converter, { containerRoles: { reader, uploader }, region: this.region });
  }
}

const app = new App();
new ManyRolesStack(app, 'ManyRoles', { env: { account: '123456789012', region: 'eu-west-1' } });
