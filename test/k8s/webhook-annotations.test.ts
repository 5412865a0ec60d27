import { Duration, Lazy } from 'aws-cdk-lib';
import { messageOf } from './helpers';
import { assertNotOurs, OUR_ANNOTATIONS, tokenAnnotations } from '../../src/k8s/webhook-annotations';

describe('tokenAnnotations', () => {
  test('has nothing for what the webhook does by itself', () => {
    expect(tokenAnnotations({ audience: 'sts.amazonaws.com' })).toEqual({});
  });

  test('has an audience that is not the default', () => {
    expect(tokenAnnotations({ audience: 'sts.example.org' })).toEqual({ 'eks.amazonaws.com/audience': 'sts.example.org' });
  });

  test.each([[true, 'true'], [false, 'false']])('has regional STS %p as a Go boolean in text', (regionalSts, expected) => {
    expect(tokenAnnotations({ audience: 'sts.amazonaws.com', regionalSts })).toEqual({ 'eks.amazonaws.com/sts-regional-endpoints': expected });
  });

  test.each([
    [Duration.seconds(600), '600'],
    [Duration.minutes(10), '600'],
    [Duration.hours(1), '3600'],
    [Duration.millis(601_000), '601'],
    [Duration.days(1), '86400'],
    [Duration.seconds(86400), '86400'],
  ])('has the expiration %s in seconds', (tokenExpiration, expected) => {
    expect(tokenAnnotations({ audience: 'sts.amazonaws.com', tokenExpiration })).toEqual({ 'eks.amazonaws.com/token-expiration': expected });
  });

  test.each([
    [Duration.seconds(599), '599'],
    [Duration.seconds(86401), '86401'],
    [Duration.seconds(0), '0'],
    [Duration.millis(600_500), '600.5'],
    [Duration.days(2), '172800'],
  ])('fails when the expiration is %s', (tokenExpiration, seconds) => {
    expect(messageOf(() => tokenAnnotations({ audience: 'sts.amazonaws.com', tokenExpiration })))
      .toBe(`tokenExpiration is ${seconds} seconds; whole seconds from 600 seconds (10 minutes) to 86400 seconds (24 hours) are expected`);
  });

  test('fails when the expiration is known only at deployment', () => {
    const tokenExpiration = Duration.seconds(Lazy.number({ produce: () => 700 }));

    expect(messageOf(() => tokenAnnotations({ audience: 'sts.amazonaws.com', tokenExpiration })))
      .toMatch(/^tokenExpiration is known only at deployment; pass a literal Duration of 600 seconds .* to 86400 seconds/);
  });
});

describe('OUR_ANNOTATIONS', () => {
  test('are the four that the webhook reads from a service account', () => {
    expect([...OUR_ANNOTATIONS].sort()).toEqual([
      'eks.amazonaws.com/audience', 'eks.amazonaws.com/role-arn', 'eks.amazonaws.com/sts-regional-endpoints', 'eks.amazonaws.com/token-expiration',
    ]);
  });
});

describe('assertNotOurs', () => {
  test.each([
    ['eks.amazonaws.com/role-arn', 'role'],
    ['eks.amazonaws.com/audience', 'audience'],
    ['eks.amazonaws.com/token-expiration', 'tokenExpiration'],
    ['eks.amazonaws.com/sts-regional-endpoints', 'regionalSts'],
  ])('fails when a map has %s, naming the prop to use', (key, prop) => {
    expect(messageOf(() => assertNotOurs('chart/ServiceAccount', { other: 'a', [key]: 'b' })))
      .toBe(`chart/ServiceAccount sets the annotation ${key} to 'b' by hand, and it is written from the props; use '${prop}' instead`);
  });

  test('fails when the value is empty too: it would turn the webhook off', () => {
    expect(messageOf(() => assertNotOurs('chart/ServiceAccount', { 'eks.amazonaws.com/role-arn': '' }))).toContain("to '' by hand");
  });

  test('passes annotations of others', () => {
    expect(() => assertNotOurs('chart/ServiceAccount', { 'example.org/role-arn': 'a', 'eks.amazonaws.com/compute-type': 'fargate' })).not.toThrow();
  });
});
