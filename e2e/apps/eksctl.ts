// What eksctl's file asks for: provider, a role for one service account, and one for a pattern of names; permissions as documents of the file.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EksctlConfig, EksctlServiceAccounts, OidcIssuer } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'Eksctl', {
  env: { account: '111111111133', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
for (const name of ['eksctl-data', 'eksctl-jobs']) {
  new s3.Bucket(stack, name, { bucketName: name, removalPolicy: RemovalPolicy.DESTROY });
}
const readOf = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'], Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] },
});
const accounts = new EksctlServiceAccounts(stack, 'Production', {
  issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
  config: EksctlConfig.fromObject({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'blue', region: 'eu-west-1', tags: { team: 'platform' } },
    iam: {
      withOIDC: true,
      serviceAccounts: [
        {
          metadata: { name: 's3-reader', namespace: 'eksctl', labels: { 'aws-usage': 'application' }, annotations: { 'eks.amazonaws.com/token-expiration': '3600' } },
          attachPolicy: readOf('eksctl-data'),
          roleName: 'eksctl-s3-reader',
        },
        { metadata: { name: 'job-nightly', namespace: 'eksctl' }, attachPolicy: readOf('eksctl-jobs'), subjectPattern: 'job-*' },
      ],
    },
  }),
});
for (const [name, workload] of [['s3-reader', 'web'], ['job-nightly', 'nightly']]) {
  new kplus.Deployment(accounts.chartOf('eksctl'), workload, {
    metadata: { name: workload },
    serviceAccount: accounts.serviceAccountOf('eksctl', name),
    containers: [{ image: 'web:1' }],
  });
}
