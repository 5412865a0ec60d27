/** How bad a finding is. */
export enum IrsaFindingSeverity {
  /** Does not work, or trusts whom it should not. */
  ERROR = 'error',

  /** Is most likely not meant. */
  WARNING = 'warning',
}

/** Something that does not agree, as `cdk-irsa check` finds it. */
export interface IrsaFinding {
  /** Id of the rule, such as `trust-subject`. */
  readonly rule: string;

  /** How bad it is. */
  readonly severity: IrsaFindingSeverity;

  /** One sentence. */
  readonly message: string;

  /** What to do about it. */
  readonly fix: string;

  /** Where, as `FILE:LINE:COLUMN`; files of the app are named as from the folder of its cloud assembly. */
  readonly locations: string[];
}
