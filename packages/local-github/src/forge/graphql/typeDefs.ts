/**
 * The part of GitHub's GraphQL schema that Backstage's GitHub modules and octokit-plugin-create-pull-request ask for;
 * names, types and nullability are GitHub's.
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
  enum RepositoryVisibility {
    PUBLIC
    PRIVATE
    INTERNAL
  }
  enum TeamMembershipType {
    IMMEDIATE
    CHILD_TEAM
    ALL
  }

  interface Node {
    id: ID!
  }
  interface Actor {
    login: String!
    avatarUrl(size: Int): URI!
    url: URI!
  }
  interface RepositoryOwner {
    id: ID!
    login: String!
    avatarUrl(size: Int): URI!
    url: URI!
    repositories(first: Int, after: String): RepositoryConnection!
    repository(name: String!, followRenames: Boolean = true): Repository
  }
  interface GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
    repository: Repository!
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type User implements Node & Actor & RepositoryOwner {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    email: String!
    bio: String
    avatarUrl(size: Int): URI!
    url: URI!
    suspendedAt: DateTime
    organizationVerifiedDomainEmails(login: String!): [String!]!
    organizations(first: Int, after: String): OrganizationConnection!
    repositories(first: Int, after: String): RepositoryConnection!
    repository(name: String!, followRenames: Boolean = true): Repository
  }
  type Organization implements Node & Actor & RepositoryOwner {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    description: String
    avatarUrl(size: Int): URI!
    url: URI!
    membersWithRole(first: Int, after: String): OrganizationMemberConnection!
    teams(first: Int, after: String, userLogins: [String!]): TeamConnection!
    team(slug: String!): Team
    repositories(first: Int, after: String): RepositoryConnection!
    repository(name: String!, followRenames: Boolean = true): Repository
  }
  type Team implements Node {
    id: ID!
    databaseId: Int
    slug: String!
    combinedSlug: String!
    name: String!
    description: String
    avatarUrl(size: Int): URI
    editTeamUrl: URI!
    parentTeam: Team
    members(
      first: Int
      after: String
      membership: TeamMembershipType = ALL
    ): TeamMemberConnection!
  }
  type OrganizationConnection {
    nodes: [Organization]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type OrganizationMemberConnection {
    nodes: [User]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type TeamConnection {
    nodes: [Team]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type TeamMemberConnection {
    nodes: [User]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type Repository implements Node {
    id: ID!
    databaseId: Int
    name: String!
    nameWithOwner: String!
    description: String
    owner: RepositoryOwner!
    url: URI!
    homepageUrl: URI
    isArchived: Boolean!
    isEmpty: Boolean!
    isFork: Boolean!
    isPrivate: Boolean!
    visibility: RepositoryVisibility!
    createdAt: DateTime!
    updatedAt: DateTime!
    pushedAt: DateTime
    defaultBranchRef: Ref
    ref(qualifiedName: String!): Ref
    refs(refPrefix: String!, first: Int, after: String): RefConnection
    object(expression: String, oid: GitObjectID): GitObject
    repositoryTopics(first: Int, after: String): RepositoryTopicConnection!
  }
  type RepositoryConnection {
    nodes: [Repository]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type RepositoryTopic implements Node {
    id: ID!
    topic: Topic!
    url: URI!
  }
  type RepositoryTopicConnection {
    nodes: [RepositoryTopic]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type Topic {
    name: String!
  }

  type Ref implements Node {
    id: ID!
    name: String!
    prefix: String!
    repository: Repository!
    target: GitObject
    associatedPullRequests(
      first: Int
      after: String
      states: [PullRequestState!]
    ): PullRequestConnection!
  }
  type RefConnection {
    nodes: [Ref]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type Blob implements Node & GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    commitUrl: URI!
    repository: Repository!
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
    repository: Repository!
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
    repository: Repository!
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
    user(login: String!): User
    organization(login: String!): Organization
    repositoryOwner(login: String!): RepositoryOwner
    repository(
      owner: String!
      name: String!
      followRenames: Boolean = true
    ): Repository
  }
`;
