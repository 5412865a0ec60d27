import { generateApp, type AppOptions } from './app';
import { type ProjectFile, projectFiles } from '../../project-files';
import type { EksctlCluster } from '../model';

/**
 * A project that `npm install` and `npx cdk deploy` work in.
 *
 * @param version of this package
 */
export function clusterProjectFiles(cluster: EksctlCluster, options: AppOptions, version: string): ProjectFile[] {
  return projectFiles(`${cluster.name.toLowerCase()}-service-accounts`, generateApp(cluster, options), version);
}
