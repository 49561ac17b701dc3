// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import type { TreeEntry } from '../git/trees';
import type { ForgeRepository } from '../types';
import { encodePath } from './urls';

function contentType(
  entry: TreeEntry,
): 'file' | 'dir' | 'symlink' | 'submodule' {
  switch (entry.type) {
    case 'tree':
      return 'dir';
    case 'commit':
      return 'submodule';
    default:
      return entry.mode === '120000' ? 'symlink' : 'file';
  }
}

/** What `contents` says of every entry; `ref` is the name that was asked for, and stays in the URLs. */
export function contentEntry(
  forge: Forge,
  repository: ForgeRepository,
  ref: string,
  entry: TreeEntry,
) {
  const type = contentType(entry);
  const api = `${forge.urls.api}/repos/${repository.fullName}`;
  const web = `${forge.urls.web}/${repository.fullName}`;
  const path = encodePath(entry.path);
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const isFile = type === 'file' || type === 'symlink';
  const htmlUrl = `${web}/${isFile ? 'blob' : 'tree'}/${encodePath(ref)}/${path}`;
  const gitUrl = `${api}/git/${isFile ? 'blobs' : 'trees'}/${entry.sha}`;
  return {
    type,
    name: entry.path.split('/').pop() ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url: isFile
      ? `${forge.urls.web}/raw/${repository.fullName}/${encodePath(ref)}/${path}`
      : null,
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
}
