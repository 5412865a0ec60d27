import { ROLE_ARN } from '../../src/identity/role-arn-pattern';

describe('ROLE_ARN', () => {
  test.each([
    'arn:aws:iam::111122223333:role/reader',
    'arn:aws:iam::111122223333:role/path/to/reader',
    'arn:aws-cn:iam::111122223333:role/reader',
    'arn:aws-us-gov:iam::111122223333:role/reader',
    'arn:aws-eusc:iam::111122223333:role/reader',
    'arn:aws-iso:iam::111122223333:role/reader',
    'arn:aws-iso-b:iam::111122223333:role/reader',
    'arn:aws-iso-e:iam::111122223333:role/reader',
    'arn:aws-iso-f:iam::111122223333:role/reader',
    'arn:aws:iam::111122223333:role/r',
    'arn:aws:iam::111122223333:role/a_b+c=d,e.f@g-h',
  ])('matches %s', arn => {
    expect(arn).toMatch(ROLE_ARN);
  });

  test.each([
    '',
    'reader',
    ' arn:aws:iam::111122223333:role/reader',
    'arn:aws:iam::111122223333:role/reader ',
    'arn:aws:iam::111122223333:role/reader\n',
    'arn:aws:iam::111122223333:user/reader',
    'arn:aws:iam::11112222333:role/reader',
    'arn:aws:iam::1111222233334:role/reader',
    'arn:aws:iam:eu-west-1:111122223333:role/reader',
    'arn:aws:sts::111122223333:assumed-role/reader/session',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:iam::111122223333:role/re ader',
  ])('does not match %p', arn => {
    expect(arn).not.toMatch(ROLE_ARN);
  });
});
