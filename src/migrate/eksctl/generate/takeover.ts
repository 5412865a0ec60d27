import { type EksctlAssociation, type EksctlCluster, type EksctlServiceAccount, isExisting, nameOf } from '../model';

/** What is said at the head of the program: how it takes over from eksctl, so that no pod is without its role in between. */
export function takeover(cluster: EksctlCluster): string[] {
  const made = cluster.serviceAccounts.filter(({ role }) => !isExisting(role));
  const kept = cluster.serviceAccounts.filter(({ role }) => isExisting(role));
  const deploy = [...NEW_ROLES, ...cluster.podIdentityAssociations.length > 0 ? ASSOCIATIONS_FIRST : []];
  const steps = [
    ...made.length > 0 ? [deploy, SWITCH, removal(cluster, made)] : [],
    ...cluster.podIdentityAssociations.length > 0 ? [associations(cluster)] : [],
  ];
  return [
    'How it takes over from eksctl:',
    ...steps.flatMap((lines, index) => ['', ...lines.map((line, number) => number === 0 ? `${index + 1}. ${line}` : `   ${line}`)]),
    ...kept.length > 0 ? ['', `Roles that were there before eksctl stay what they are: those of ${kept.map(nameOf).join(', ')}.`] : [],
    ...cluster.leftOut.length > 0 ? ['', 'Not taken over:', ...cluster.leftOut.map(text => `- ${text}`)] : [],
  ];
}

const NEW_ROLES = [
  'Deploy: npx cdk deploy --outputs-file outputs.json',
  'It makes new roles beside those of eksctl, under other names, and touches nothing of eksctl. The OIDC provider',
  'is eksctl\'s own, and stays until `eksctl delete cluster`. What Controller allows is narrower than wellKnownPolicies',
  'of eksctl: read it in the template, before the next step.',
];

/** Both are in one stack. */
const ASSOCIATIONS_FIRST = ['The associations of EKS Pod Identity are in this app, too: right before this, delete those of eksctl (the last step).'];

const SWITCH = [
  'Switch: kubectl get serviceaccounts -A -o yaml > before.yaml',
  'npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -',
  'It writes the new roles into the annotations of the service accounts. Pods take them when they start: restart',
  'their workloads, one namespace after the other (kubectl rollout restart deployment -n NAMESPACE), and look',
  'whether they work. The way back is the annotation in before.yaml, automountServiceAccountToken if it was changed, and a restart:',
  'the old roles are still there. Pods keep their token for the API of the cluster, as with eksctl: where they do',
  'not need it, take automountToken out, in a step of its own.',
];

function removal(cluster: EksctlCluster, made: readonly EksctlServiceAccount[]): string[] {
  return [
    'Remove the old roles, once nothing uses them (aws iam get-role --query Role.RoleLastUsed). Each has a stack of',
    'its own. `eksctl delete iamserviceaccount` is not for this: it deletes the service accounts as well. And take',
    'iam.serviceAccounts out of the file of eksctl, or it makes them again.',
    ...new Set(made.map(account => `aws cloudformation delete-stack --region ${cluster.region} --stack-name ${stackName(cluster, account)}`)),
  ];
}

/** As eksctl names them. */
function stackName(cluster: EksctlCluster, { namespace, name, status }: EksctlServiceAccount): string {
  return status?.stackName ?? `eksctl-${cluster.name}-addon-iamserviceaccount-${namespace}-${name}`.replace(/\./g, '-');
}

function associations({ name, region, podIdentityAssociations: all }: EksctlCluster): string[] {
  const made = all.filter(({ role }) => !isExisting(role));
  return [
    'EKS Pod Identity: a service account has one association, so that of eksctl has to go right before npx cdk deploy',
    'makes ours. Pods that run keep their credentials for a while; those that start in between have none. Ids are in',
    `aws eks list-pod-identity-associations --region ${region} --cluster-name ${name}`,
    ...all.map(association => `aws eks delete-pod-identity-association --region ${region} --cluster-name ${name} --association-id a-… (${nameOf(association)})`),
    'The way back, as long as the old roles are there: their ARN in the new association, and a restart',
    `aws eks update-pod-identity-association --region ${region} --cluster-name ${name} --association-id a-… --role-arn …`,
    'And take iam.podIdentityAssociations out of the file of eksctl, or it makes them again.',
    ...made.length === 0 ? [] : ['Once nothing uses the old roles, remove them: each has a stack of its own.'],
    ...made.map(association => `aws cloudformation delete-stack --region ${region} --stack-name ${podIdentityStackName(name, association)}`),
  ];
}

/** As eksctl names them. */
function podIdentityStackName(cluster: string, { namespace, name }: EksctlAssociation): string {
  return `eksctl-${cluster}-podidentityrole-${namespace}-${name}`.replace(/\./g, '-');
}
