// SPDX-License-Identifier: Apache-2.0

/** Incidents with what is known of them, and the queue of what is to be done. */
exports.up = async knex => {
  await knex.schema.createTable('incidents', table => {
    table.string('id', 36).primary();
    table.string('source', 64).notNullable().comment('Who told of it: github');
    table.string('host', 255).notNullable();
    table.string('repository', 255).notNullable().comment('owner/name');
    table.string('run_id', 64).notNullable();
    table.integer('run_attempt').notNullable();
    table.text('workflow').notNullable();
    table.string('workflow_id', 64).notNullable();
    table.text('run_url').notNullable();
    table.string('branch', 255).notNullable();
    table.boolean('is_default_branch').notNullable();
    table.string('commit_sha', 64).notNullable();
    table.bigInteger('failed_at').notNullable().comment('ms since 1970');
    table.bigInteger('received_at').notNullable();
    table.string('entity_ref', 255).comment('Null until the catalog has one');
    table.string('state', 16).notNullable();
    table.string('stage', 16).notNullable();
    table.bigInteger('stage_since').notNullable();
    table.text('stage_error');
    table.string('type', 32);
    table.string('signature', 64);
    table.text('title').notNullable();
    table.text('summary');
    table.string('outcome', 16);
    table.string('confidence', 16);
    table.string('priority', 8);
    table
      .string('model', 128)
      .comment('That explained it; null for rules alone');
    table.bigInteger('reported_at');
    table.bigInteger('recovered_at');
    table.string('assignee', 255);
    table.unique(['source', 'host', 'repository', 'run_id', 'run_attempt']);
    table.index(['failed_at', 'id']);
    table.index(['repository', 'failed_at']);
    table.index(['signature', 'repository']);
    table.index(['state', 'failed_at']);
  });
  await knex.schema.createTable('reports', table => {
    table.string('incident_id', 36).primary();
    table.text('report', 'longtext').notNullable().comment('JSON, redacted');
    table.bigInteger('made_at').notNullable();
  });
  await knex.schema.createTable('kept_logs', table => {
    table.string('incident_id', 36).notNullable();
    table.integer('position').notNullable();
    table.text('source').notNullable();
    table.integer('total').notNullable().comment('Lines of the untouched log');
    table
      .text('lines', 'longtext')
      .notNullable()
      .comment('JSON of [number, text], redacted');
    table.primary(['incident_id', 'position']);
  });
  await knex.schema.createTable('effects', table => {
    table.string('incident_id', 36).notNullable();
    table.string('kind', 16).notNullable();
    table.string('host', 255).notNullable();
    table.string('repository', 255).notNullable();
    table.string('target', 255).notNullable();
    table.string('signature', 64).notNullable();
    table.string('status', 16).notNullable();
    table.string('external_id', 255);
    table.text('url');
    table.bigInteger('at').notNullable();
    table.text('error');
    table.string('report_hash', 64).comment('SHA-256 of the report it shows');
    table.bigInteger('recovered_at');
    table.primary(['incident_id', 'kind']);
    table.index(['repository', 'signature', 'kind']);
  });
  await knex.schema.createTable('activity', table => {
    table.increments('id');
    table.string('incident_id', 36).notNullable().index();
    table.bigInteger('at').notNullable();
    table.string('by', 255).notNullable();
    table.string('action', 16).notNullable();
    table.text('text');
  });
  await knex.schema.createTable('feedback', table => {
    table.string('incident_id', 36).notNullable();
    table.string('by', 255).notNullable();
    table.boolean('useful').notNullable();
    table.text('reason');
    table.string('root_cause', 8);
    table.text('done');
    table.bigInteger('at').notNullable();
    table.primary(['incident_id', 'by']);
  });
  await knex.schema.createTable('jobs', table => {
    table.string('id', 36).primary();
    table.string('key', 512).notNullable().unique();
    table.string('kind', 16).notNullable();
    table
      .string('lane', 512)
      .notNullable()
      .comment('One at a time of each lane');
    table
      .string('repository', 512)
      .notNullable()
      .comment('Between which is shared');
    table.string('incident_id', 36).index();
    table.text('payload').notNullable();
    table.string('state', 16).notNullable().comment('waiting, running or dead');
    table.bigInteger('received_at').notNullable();
    table.bigInteger('run_at').notNullable();
    table.integer('attempts').notNullable();
    table.string('lease', 36).comment('Of the worker that has it');
    table.bigInteger('lease_until');
    table
      .string('running_lane', 512)
      .unique()
      .comment('The lane while it runs');
    table.text('error');
    table.index(['state', 'run_at']);
  });
  await knex.schema.createTable('sweeps', table => {
    table.string('host', 255).notNullable();
    table.string('repository', 255).notNullable();
    table.bigInteger('swept_at').notNullable();
    table.primary(['host', 'repository']);
  });
  await knex.schema.createTable('channel_key', table => {
    table.integer('id').primary().comment('Always 1: there is one key');
    table.string('key', 64).notNullable().comment('32 random bytes, base64url');
  });
};

exports.down = async knex => {
  for (const table of [
    'channel_key',
    'sweeps',
    'jobs',
    'feedback',
    'activity',
    'effects',
    'kept_logs',
    'reports',
    'incidents',
  ]) {
    await knex.schema.dropTable(table);
  }
};
