import { missingResources, problemsOf } from './service-reference';
import { VARIANTS } from './variants';

/** Where the reference is silent, and what AWS says elsewhere. */
const GAPS: ReadonlyArray<readonly [problem: RegExp, reason: string]> = [
  [/^Lbc(TagNew|Tag|TagListeners): (no action of the statement takes|elasticloadbalancing:(AddTags|RemoveTags) takes none)/,
    'the reference has the tags of Classic Load Balancers only; AddTags of version 2 takes target groups, listeners and rules'],
  [/^EbsCsi\w+: ec2:CopyVolumes on volume knows no condition key ec2:ResourceTag/, 'AmazonEBSCSIDriverPolicyV2 has the condition'],
  [/^EfsCsiDelete: elasticfilesystem:DeleteAccessPoint on access-point knows no condition key aws:ResourceTag/, 'AmazonEFSCSIDriverPolicy has the condition'],
];

describe.each(VARIANTS)('%s', (_, { statements }) => {
  test('has actions, resources and conditions that the service authorization reference knows', async () => {
    const problems = await Promise.all(statements.map(async statement => (await problemsOf(statement)).map(problem => `${statement.sid}: ${problem}`)));
    expect(problems.flat().filter(problem => !GAPS.some(([gap]) => gap.test(problem)))).toEqual([]);
  });

  test('names all resources that its actions need', async () => {
    expect(await missingResources(statements)).toEqual([]);
  });
});
