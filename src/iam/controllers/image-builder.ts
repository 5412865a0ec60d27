import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, scopedTo } from './policy-data';

/** What a builder of images is scoped by. */
export interface ImageBuilderScope {
  readonly repositoryArns?: readonly string[];
}

/**
 * A builder of images (Kaniko, BuildKit, Jenkins …): pulls from and pushes to some repositories of ECR.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function imageBuilder({ repositoryArns }: ImageBuilderScope = {}): ControllerData {
  return {
    name: 'Image Builder',
    serviceAccounts: [['image-builder', 'image-builder']],
    sources: [
      { url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html', version: '2026' },
      { url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html', version: 'v1 (2024-10-04)' },
    ],
    statements: [
      allowWithoutResource('ImageBuilderLogin', ['ecr:GetAuthorizationToken']),
      allow('ImageBuilderRepositories', actionsOf('ecr', 'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'GetDownloadUrlForLayer',
        'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'),
      scopedTo('repositories', repositoryArns, regional('ecr', 'repository/*'))),
    ],
  };
}
