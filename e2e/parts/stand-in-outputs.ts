import { Template } from '../../examples/synthesize';

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Outputs that a stack could have after deployment: plausible enough for manifests to be rendered and checked, no more. */
export function standInOutputs({ Outputs: outputs = {} }: Template): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, standIn((output as { Value: unknown }).Value)]));
}

function standIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[intrinsic, argument]] = Object.entries(value) as Array<[string, unknown]>;
  switch (intrinsic) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, readonly unknown[]];
      return parts.map(standIn).join(separator);
    }
    case 'Ref':
      return PSEUDO_PARAMETERS[argument as string] ?? physicalName(argument as string);
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = argument as [string, string];
      return attribute === 'Arn' ? `arn:aws:iam::123456789012:role/${logicalId}` : physicalName(logicalId);
    }
    default:
      return 'stand-in';
  }
}

/** Fits wherever Kubernetes wants a name. */
function physicalName(logicalId: string): string {
  return logicalId.toLowerCase();
}
