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
    ],
    statements: [
      allowWithoutResource('ImageBuilderLogin', ['ecr:GetAuthorizationToken']),
      allow('ImageBuilderRepositories', actionsOf('ecr', 'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'DescribeImages', 'DescribeImageScanFindings',
        'DescribeRepositories', 'GetDownloadUrlForLayer', 'GetLifecyclePolicy', 'GetLifecyclePolicyPreview', 'GetRepositoryPolicy', 'InitiateLayerUpload',
        'ListImages', 'ListTagsForResource', 'PutImage', 'UploadLayerPart'),
      scopedTo('repositories', repositoryArns, regional('ecr', 'repository/*'))),
    ],
  };
}
