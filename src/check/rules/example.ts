/** The account that the examples of rules are checked for, and its region. */
export const EXAMPLE_ACCOUNT = '111122223333';
export const EXAMPLE_REGION = 'eu-west-1';

/** A role that trusts the service account apps/web. */
export const ROLE = `Resources:
  Web:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              Federated: arn:aws:iam::111122223333:oidc-provider/oidc.example.com
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                oidc.example.com:aud: sts.amazonaws.com
                oidc.example.com:sub: system:serviceaccount:apps:web
`;

/** The service account apps/web with that role. */
export const SERVICE_ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: apps
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web
automountServiceAccountToken: false
`;

/** A pod that runs as apps/web. */
export const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: apps
spec:
  serviceAccountName: web
  containers:
    - name: web
      image: web:1
`;

/** Several documents in one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

/** A text with one part of it changed. */
export function changed(text: string, from: string, to: string): string {
  const [before, after, ...more] = text.split(from);
  if (after === undefined || more.length > 0) {
    throw new Error(`'${from}' does not stand once in the example, but ${more.length + (after === undefined ? 0 : 2)} times`);
  }
  return `${before}${to}${after}`;
}
