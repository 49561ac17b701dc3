import type { RepositoryAddress } from './GithubRepositories';
import type { TemplateRecord } from './TemplateRecord';

/** What every skeleton is told about its repository, and what makes it. */
export function toRepositoryValues(
  { host, owner, name }: RepositoryAddress,
  options: {
    repositoryUrl: string;
    record: Pick<TemplateRecord, 'template' | 'version'>;
  },
) {
  return {
    repoHost: host,
    repoOwner: owner,
    repoName: name,
    repoUrl: options.repositoryUrl,
    templateRef: options.record.template,
    templateVersion: options.record.version,
  };
}
