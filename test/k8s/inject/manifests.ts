/** Manifests for the tests of `inject`. */

export const ROLE = 'arn:aws:iam::123456789012:role/web';

export function account(name = 'web', annotations: Record<string, string> = { 'eks.amazonaws.com/role-arn': ROLE }, namespace?: string): string {
  const lines = Object.entries(annotations).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`).join('');
  return `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}${lines === '' ? '' : `  annotations:\n${lines}`}`;
}

export function deployment(name = 'web', serviceAccount = 'web', namespace?: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${namespace ? `  namespace: ${namespace}\n` : ''}spec:
  template:
    spec:
      serviceAccountName: ${serviceAccount}
      containers:
      - name: ${name}
        image: web:1
`;
}

/** What is added to `deployment`, by default. */
export const ADDED = `        env:
        - name: AWS_ROLE_ARN
          value: ${ROLE}
        - name: AWS_WEB_IDENTITY_TOKEN_FILE
          value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token
        volumeMounts:
        - name: aws-iam-token
          mountPath: /var/run/secrets/eks.amazonaws.com/serviceaccount
          readOnly: true
      volumes:
      - name: aws-iam-token
        projected:
          defaultMode: 420
          sources:
          - serviceAccountToken:
              audience: sts.amazonaws.com
              expirationSeconds: 86400
              path: token
`;

export function stream(...documents: string[]): string {
  return documents.map(document => `---\n${document}`).join('');
}
