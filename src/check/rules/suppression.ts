import { changed, SERVICE_ACCOUNT } from './example';
import { RULES } from './index';
import type { Rule } from '../finding';
import { isReasoned, SUPPRESSION_RULE, suppressionsOf } from '../suppressions';

export const suppressionUnclear: Rule = {
  id: SUPPRESSION_RULE,
  severity: 'warning',
  title: 'A suppression without a reason, or of a rule that does not exist or cannot be suppressed',
  why: 'It has no effect. Nobody could tell later whether it is still needed.',
  bad: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    cdk-irsa/ignore-role-unused: ""\n'),
  good: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    cdk-irsa/ignore-role-unused: the role is for the next release\n'),
  *find(facts) {
    const known = RULES.map(({ id }) => id);
    for (const suppression of suppressionsOf(facts)) {
      const problem = !known.includes(suppression.rule) ? 'and there is no such rule'
        : suppression.rule === SUPPRESSION_RULE ? 'which cannot be suppressed' : isReasoned(suppression) ? undefined : 'without saying why';
      if (problem) {
        yield { message: `the rule '${suppression.rule}' is suppressed here, ${problem}`, fix: 'name a rule of the catalogue, and write the reason as the value', places: [suppression.place] };
      }
    }
  },
};
