import * as fs from 'node:fs';
import { nameOf, readText, STANDARD_INPUT } from './read-text';
import { issuerOfProviderArn } from '../check/arn';
import { explainError } from '../check/explain/explain-error';
import { explainPod } from '../check/explain/explain-pod';
import { explainToken } from '../check/explain/explain-token';
import { type Explanation, explanationText } from '../check/explain/explanation';
import { checkSignature, decodeToken } from '../check/explain/token';
import { at, objectOf } from '../check/json';
import { parseFile } from '../check/source/parse-file';
import type { ParsedDocument } from '../check/source/parsed-document';
import { providersOf, rolesOf } from '../check/template/roles';
import { scopesOf } from '../check/template/scopes';
import type { OidcProvider, TokenClaims } from '../check/web-identity';
import { isTokenLike } from '../identity/key-like';

/** Options of `cdk-irsa explain`. */
export interface ExplainOptions {
  readonly token?: string;
  readonly role?: string;
  readonly trust?: string;
  readonly jwks?: string;
  readonly providers?: string;
  readonly pod?: string;
  readonly error?: string;
  readonly account?: string;
  readonly region?: string;
}

/** What goes to standard output, and the exit code: 2 for what does not work or is not known. */
export interface ExplainResult {
  readonly text: string;
  readonly code: number;
}

const NO_TOKENS = '--token takes a file or -, not the token itself, and no other option takes a token: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com | npx cdk-irsa explain --token - …';

/** What is longer is a token, or a part of one. */
const LONGEST_PATH = 200;

/** Explains a token and a role, a pod, or an error. */
export function explain(options: ExplainOptions, now = new Date()): ExplainResult {
  const { token, pod, error } = options;
  if (Object.values(options).some(value => value !== error && typeof value === 'string' && isTokenLike(value))) {
    throw new Error(NO_TOKENS);
  }
  const asked = [token, pod, error].filter(each => each !== undefined);
  if (asked.length !== 1) {
    throw new Error(`${asked.length === 0 ? 'nothing' : 'more than one thing'} to explain was given; pass one of --token, --pod and --error`);
  }
  return error !== undefined ? errorResult(error) : result(pod !== undefined ? explainPod(podsIn(pod)) : tokenExplanation(options, now));
}

function result(explanation: Explanation): ExplainResult {
  return { text: explanationText(explanation), code: explanation.verdict === 'allowed' ? 0 : 2 };
}

function errorResult(error: string): ExplainResult {
  const found = explainError(error);
  if (!found) {
    throw new Error('that is not an error of STS or of its clients that is known here; pass its message in quotes');
  }
  return { text: `${found.meaning}\nlook at, in this order:\n${found.facts.map((fact, index) => `  ${index + 1}. ${fact}\n`).join('')}`, code: 0 };
}

function tokenExplanation({ token, role, trust, jwks, providers: list, account, region }: ExplainOptions, now: Date): Explanation {
  if (role === undefined || trust === undefined) {
    throw new Error('a token is explained against a role; pass --role ARN and --trust FILE, a trust policy or the template that has the role');
  }
  const text = textOf(token!);
  const decoded = decodeToken(text);
  const signature = jwks === undefined ? undefined : checkSignature(text, firstDocument(jwks).value);
  const { trustPolicy, providers: inTemplate } = trustOf(firstDocument(trust), role, account, region);
  return explainToken({ token: decoded, roleArn: role, trustPolicy, providers: providersFor(decoded.claims, inTemplate, list), signature, now });
}

interface Trust {
  readonly trustPolicy: unknown;
  /** Those of the template. */
  readonly providers: readonly OidcProvider[];
}

/** A policy, what `aws iam get-role` prints, or a template. */
function trustOf(document: ParsedDocument, roleArn: string, account: string | undefined, region: string | undefined): Trust {
  const { value, source } = document;
  if (at(value, 'Statement') !== undefined) {
    return { trustPolicy: value, providers: [] };
  }
  const printed = at(value, 'Role', 'AssumeRolePolicyDocument') ?? at(value, 'AssumeRolePolicyDocument');
  if (printed !== undefined) {
    return { trustPolicy: typeof printed === 'string' && /^%7B/i.test(printed) ? decodeURIComponent(printed) : printed, providers: [] };
  }
  if (!objectOf(at(value, 'Resources'))) {
    throw new Error(`${source.file} has neither a trust policy nor a template; write it with aws iam get-role --role-name NAME, or pass the template`);
  }
  const [, partition, , , accountOfRole] = roleArn.split(':');
  const scopes = scopesOf([{ source, value, account: account ?? accountOfRole, partition: region === undefined ? partition : undefined, region }]);
  const found = rolesOf(scopes).find(each => each.arn.split(':').slice(4).join(':') === roleArn.split(':').slice(4).join(':'));
  if (!found) {
    throw new Error(`${source.file} has no role ${roleArn}; pass the template that makes it, or its trust policy`);
  }
  return { trustPolicy: found.trustPolicy, providers: providersOf(scopes) };
}

/** The providers that are known: all of an account by `--providers`; those of a template only when one is for the token, since others may be elsewhere. */
function providersFor({ iss, aud }: TokenClaims, inTemplate: readonly OidcProvider[], file: string | undefined): readonly OidcProvider[] | undefined {
  if (file === undefined) {
    return inTemplate.some(({ arn }) => `https://${String(issuerOfProviderArn(arn))}` === iss) ? inTemplate : undefined;
  }
  const listed = at(firstDocument(file).value, 'OpenIDConnectProviderList');
  if (!Array.isArray(listed)) {
    throw new Error(`${file} is not what aws iam list-open-id-connect-providers prints`);
  }
  // the list does not say which audiences they take
  return listed.map(each => String(at(each, 'Arn'))).map(arn => inTemplate.find(each => each.arn === arn) ?? { arn, clientIds: [aud].flat() });
}

function firstDocument(file: string): ParsedDocument {
  const [document] = documentsIn(file);
  if (!document) {
    throw new Error(`${nameOf(file)} is empty`);
  }
  return document;
}

/** A pod, or all of a file with several documents as a list. */
function podsIn(file: string): unknown {
  const [first, ...more] = documentsIn(file).map(({ value }) => value);
  return more.length > 0 ? { apiVersion: 'v1', kind: 'List', items: [first, ...more] } : first;
}

function documentsIn(file: string): ParsedDocument[] {
  return parseFile(Buffer.from(textOf(file)), nameOf(file));
}

/** The text of a file, or of standard input. */
function textOf(file: string): string {
  if (file !== STANDARD_INPUT && !fs.existsSync(file)) {
    // whoever passes the token itself must not find it in the log of a pipeline
    throw new Error(isTokenLike(file) || file.length > LONGEST_PATH ? NO_TOKENS : `${file} does not exist`);
  }
  return readText(file);
}
