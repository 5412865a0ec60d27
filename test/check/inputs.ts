import { check, type CheckInput, type CheckResult } from '../../src/check/check';
import { isManifest } from '../../src/check/kubernetes/objects';
import { EXAMPLE_ACCOUNT, EXAMPLE_REGION } from '../../src/check/rules/example';
import { parseFile } from '../../src/check/source/parse-file';
import type { TemplateInput } from '../../src/check/template/template-input';

/** Documents of a YAML text, told apart by what they are. */
export function inputsOf(text: string, template: Partial<TemplateInput> = { account: EXAMPLE_ACCOUNT, region: EXAMPLE_REGION }): CheckInput {
  const documents = parseFile(Buffer.from(text), 'example.yaml');
  return {
    templates: documents.filter(({ value }) => !isManifest(value)).map(({ source, value }) => ({ source, value, stackName: `Stack${source.document}`, ...template })),
    manifests: documents.filter(({ value }) => isManifest(value)),
  };
}

export function checkText(text: string, template?: Partial<TemplateInput>): CheckResult {
  return check(inputsOf(text, template));
}

/** The rules that find something in a text. */
export function rulesIn(text: string, template?: Partial<TemplateInput>): string[] {
  return [...new Set(checkText(text, template).findings.map(({ rule }) => rule))];
}
