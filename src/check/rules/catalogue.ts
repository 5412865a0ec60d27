import { EXAMPLE_ACCOUNT, EXAMPLE_REGION } from './example';
import { RULE_GROUPS, RULES } from './index';
import type { Rule } from '../finding';
import { IGNORE_ANNOTATION, IGNORE_METADATA } from '../suppressions';

const HEAD = `# The rules of \`cdk-irsa check\`

This page is generated from the rules: \`npm run docs\`. Each rule has one bad example and one good one: lines with \`-\` are
in the bad one only, lines with \`+\` in the good one only. Both are run as tests: in the bad one exactly this rule finds something, in the good one none does.

A pod's \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\` never says why. The reason is in files, so ask them:

\`\`\`sh
npx cdk synth && npx cdk-irsa check
npx cdk-irsa check template.yaml manifests/ --account ${EXAMPLE_ACCOUNT} --region ${EXAMPLE_REGION}
\`\`\`

An \`error\` does not work, or trusts whom it should not. A \`warning\` is most likely not meant; \`--strict\` fails for it too. What cannot be known from the files is listed as
\`not checked\`. The examples are checked with the account and region of the second command.

## Leaving a rule out

With the reason, in the object or resource that it is about:

\`\`\`yaml
kind: ServiceAccount
metadata:
  annotations:
    ${IGNORE_ANNOTATION}role-shared: one team has both namespaces
\`\`\`

\`\`\`yaml
Resources:
  Web:
    Type: AWS::IAM::Role
    Metadata:
      ${IGNORE_METADATA}: { sub-wildcard: each branch of a pull request has a service account of its own }
\`\`\`

In CDK: \`role.node.defaultChild.addMetadata('${IGNORE_METADATA}', { 'sub-wildcard': 'reason' })\`. The metadata of a template itself counts for all of it.
`;

/** `docs/rules.md`, from the rules. */
export function catalogue(): string {
  const contents = RULE_GROUPS.map(({ title, rules }) => [`### ${title}`, '', '| rule | | |', '|---|---|---|', ...rules.map(row), ''].join('\n'));
  return [HEAD, '## All rules', '', ...contents, ...RULES.map(chapter)].join('\n');
}

function row({ id, severity, title }: Rule): string {
  return `| [\`${id}\`](#${id}) | ${severity} | ${title} |`;
}

function chapter({ id, severity, title, why, bad, good }: Rule): string {
  return `## ${id}\n\n**${title}** (${severity}). ${why}\n\nBad (\`-\`) and good (\`+\`):\n\n\`\`\`diff\n${difference(bad.trimEnd().split('\n'), good.trimEnd().split('\n')).join('\n')}\n\`\`\`\n`;
}

/** Both texts in one, line by line, with as many lines in common as can be. */
function difference(bad: readonly string[], good: readonly string[]): string[] {
  const common = Array.from({ length: bad.length + 1 }, () => new Array<number>(good.length + 1).fill(0));
  for (let b = bad.length - 1; b >= 0; b--) {
    for (let g = good.length - 1; g >= 0; g--) {
      common[b][g] = bad[b] === good[g] ? common[b + 1][g + 1] + 1 : Math.max(common[b + 1][g], common[b][g + 1]);
    }
  }
  const lines: string[] = [];
  let [b, g] = [0, 0];
  while (b < bad.length || g < good.length) {
    if (b < bad.length && bad[b] === good[g]) {
      lines.push(`  ${bad[b++]}`);
      g++;
    } else if (b < bad.length && (g === good.length || common[b + 1][g] >= common[b][g + 1])) {
      lines.push(`- ${bad[b++]}`);
    } else {
      lines.push(`+ ${good[g++]}`);
    }
  }
  return lines;
}
