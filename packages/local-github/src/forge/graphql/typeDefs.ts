// SPDX-License-Identifier: Apache-2.0

/**
 * The part of GitHub's GraphQL schema that the generated pipelines and octokit-plugin-create-pull-request ask for: a
 * repository's refs, commits and files, and the pull requests of a branch. Names, types and nullability are GitHub's.
 */
export const typeDefs = /* GraphQL */ `
  scalar Base64String
  scalar DateTime
  scalar GitObjectID
  scalar URI

  enum PullRequestState {
    OPEN
    CLOSED
    MERGED
  }

  interface Node {
    id: ID!
  }
  interface GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type User implements Node {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    url: URI!
  }

  type Repository implements Node {
    id: ID!
    databaseId: Int
    name: String!
    nameWithOwner: String!
    description: String
    url: URI!
    isArchived: Boolean!
    isEmpty: Boolean!
    isPrivate: Boolean!
    defaultBranchRef: Ref
    ref(qualifiedName: String!): Ref
    object(expression: String, oid: GitObjectID): GitObject
  }

  type Ref implements Node {
    id: ID!
    name: String!
    prefix: String!
    target: GitObject
    associatedPullRequests(
      first: Int
      after: String
      states: [PullRequestState!]
    ): PullRequestConnection!
  }

  type Blob implements Node & GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
    byteSize: Int!
    isBinary: Boolean
    text: String
  }
  type TreeEntry {
    name: String!
    path: String
    mode: Int!
    oid: GitObjectID!
    type: String!
    object: GitObject
  }
  type Tree implements Node & GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
    entries: [TreeEntry!]
  }
  type GitActor {
    name: String
    email: String
    date: DateTime
  }
  type Commit implements Node & GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
    url: URI!
    message: String!
    messageHeadline: String!
    messageBody: String!
    committedDate: DateTime!
    authoredDate: DateTime!
    author: GitActor
    committer: GitActor
    tree: Tree!
    file(path: String!): TreeEntry
    parents(first: Int, after: String): CommitConnection!
  }
  type CommitConnection {
    nodes: [Commit]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type PullRequest implements Node {
    id: ID!
    number: Int!
    title: String!
    body: String!
    url: URI!
    state: PullRequestState!
    isDraft: Boolean!
    baseRefName: String!
    headRefName: String!
    createdAt: DateTime!
    updatedAt: DateTime!
  }
  type PullRequestEdge {
    cursor: String!
    node: PullRequest
  }
  type PullRequestConnection {
    edges: [PullRequestEdge]
    nodes: [PullRequest]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type Query {
    viewer: User!
    repository(
      owner: String!
      name: String!
      followRenames: Boolean = true
    ): Repository
  }
`;
