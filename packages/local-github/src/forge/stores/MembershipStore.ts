import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';
import type { AccessLevel } from '../types';

const teamRow = z.object({
  id: z.number(),
  organization_id: z.number(),
  slug: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  created_at: z.string(),
});

export type Team = z.infer<typeof teamRow>;

const grantRow = z.object({ login: z.string(), permission: z.string() });

/** GitHub's roles: `pull`/`read`, `triage`, `push`/`write`, `maintain`, `admin`. */
export function levelOfPermission(permission: string): AccessLevel {
  switch (permission) {
    case 'admin':
    case 'maintain':
      return 'admin';
    case 'push':
    case 'write':
      return 'write';
    default:
      return 'read';
  }
}

/** Teams, and who was given access to a repository. */
export class MembershipStore {
  constructor(private readonly db: Database) {}

  listCollaborators(repositoryId: number): z.infer<typeof grantRow>[] {
    return z
      .array(grantRow)
      .parse(
        this.db
          .prepare(
            'SELECT login, permission FROM collaborators WHERE repository_id = ? ORDER BY login',
          )
          .all(repositoryId),
      );
  }

  /** Answers whether the person is new to the repository. */
  setCollaborator(
    repositoryId: number,
    login: string,
    permission: string,
  ): boolean {
    const known = this.listCollaborators(repositoryId).some(
      entry => entry.login.toLowerCase() === login.toLowerCase(),
    );
    this.db
      .prepare('INSERT OR REPLACE INTO collaborators VALUES (?, ?, ?)')
      .run(repositoryId, login, permission);
    return !known;
  }

  removeCollaborator(repositoryId: number, login: string): void {
    this.db
      .prepare(
        'DELETE FROM collaborators WHERE repository_id = ? AND login = ?',
      )
      .run(repositoryId, login);
  }

  /** What collaborators and teams give to a person, strongest first. */
  grants(repositoryId: number, login: string): string[] {
    return z
      .array(z.object({ permission: z.string() }))
      .parse(
        this.db
          .prepare(
            `SELECT permission FROM collaborators WHERE repository_id = :id AND login = :login
           UNION ALL
           SELECT permission FROM team_repositories JOIN team_members USING (team_id)
           WHERE repository_id = :id AND login = :login COLLATE NOCASE`,
          )
          .all({ id: repositoryId, login }),
      )
      .map(({ permission }) => permission);
  }

  listTeams(organizationId: number): Team[] {
    return z
      .array(teamRow)
      .parse(
        this.db
          .prepare(
            'SELECT * FROM teams WHERE organization_id = ? ORDER BY slug',
          )
          .all(organizationId),
      );
  }

  findTeam(organizationId: number, slug: string): Team | undefined {
    return teamRow
      .optional()
      .parse(
        this.db
          .prepare('SELECT * FROM teams WHERE organization_id = ? AND slug = ?')
          .get(organizationId, slug),
      );
  }

  createTeam(team: {
    organizationId: number;
    slug: string;
    name: string;
    description: string | null;
  }): Team {
    return teamRow.parse(
      this.db
        .prepare(
          `INSERT INTO teams (organization_id, slug, name, description, created_at)
           VALUES (?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          team.organizationId,
          team.slug,
          team.name,
          team.description,
          timestamp(),
        ),
    );
  }

  listTeamMembers(teamId: number): string[] {
    return z
      .array(z.object({ login: z.string() }))
      .parse(
        this.db
          .prepare(
            'SELECT login FROM team_members WHERE team_id = ? ORDER BY login',
          )
          .all(teamId),
      )
      .map(({ login }) => login);
  }

  addTeamMember(teamId: number, login: string): void {
    this.db
      .prepare('INSERT OR IGNORE INTO team_members VALUES (?, ?)')
      .run(teamId, login);
  }

  countTeamRepositories(teamId: number): number {
    return z
      .object({ count: z.number() })
      .parse(
        this.db
          .prepare(
            'SELECT count(*) AS count FROM team_repositories WHERE team_id = ?',
          )
          .get(teamId),
      ).count;
  }

  listRepositoryTeams(
    repositoryId: number,
  ): { team: Team; permission: string }[] {
    return this.db
      .prepare(
        `SELECT teams.*, permission FROM teams JOIN team_repositories ON team_id = teams.id
         WHERE repository_id = ? ORDER BY slug`,
      )
      .all(repositoryId)
      .map(value => ({
        team: teamRow.parse(value),
        permission: z.object({ permission: z.string() }).parse(value)
          .permission,
      }));
  }

  setTeamRepository(
    teamId: number,
    repositoryId: number,
    permission: string,
  ): void {
    this.db
      .prepare('INSERT OR REPLACE INTO team_repositories VALUES (?, ?, ?)')
      .run(teamId, repositoryId, permission);
  }
}
