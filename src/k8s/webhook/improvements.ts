/** A role for one container. */
export interface ContainerRole {
  readonly roleArn: string;
  /** The audience that the role trusts; that of the service account when left out. */
  readonly audience?: string;
}

/** Where we do better than the webhook. */
export interface Improvements {
  /** Roles of containers, by their names; the others have that of the service account. */
  readonly containerRoles?: Readonly<Record<string, ContainerRole>>;
  /** Group for the pod's volumes, unless it has one: kubelets before 1.19 gave tokens to root alone. */
  readonly fsGroup?: number;
  /** Whether sessions are named after the pod. */
  readonly sessionNameFromPod?: boolean;
}
