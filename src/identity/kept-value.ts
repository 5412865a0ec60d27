/**
 * Whether a value, as a template has it, is there in every deployment. CDK leaves out what comes to nothing, and CloudFormation what comes to
 * `AWS::NoValue`: a condition of a policy goes with its value, and nothing says so. Of a list one value is enough.
 */
export function isKept(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(isKept);
  }
  if (typeof value !== 'object' || value === null) {
    return value !== undefined && value !== null && value !== '';
  }
  const { 'Fn::If': choice } = value as { readonly 'Fn::If'?: unknown };
  return Array.isArray(choice)
    ? choice.length === 3 && choice.slice(1).every(isKept)
    : Object.keys(value).length > 0 && !JSON.stringify(value).includes('AWS::NoValue');
}

/** What a value that is not kept comes to, for a message. */
export function shownLost(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** Whether a text is what CloudFormation looks up when it deploys, such as a parameter of SSM: nobody knows it before. */
export function isDynamicReference(text: string): boolean {
  return /^\{\{resolve:[^{}]+\}\}$/.test(text);
}
