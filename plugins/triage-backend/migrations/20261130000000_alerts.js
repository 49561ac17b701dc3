// SPDX-License-Identifier: Apache-2.0

/** Alerts of Alertmanager, each of them an incident. */
exports.up = async knex => {
  await knex.schema.alterTable('incidents', table => {
    table.string('kind', 16).notNullable().defaultTo('pipeline');
    table.index(['kind', 'entity_ref', 'failed_at']);
  });
  await knex.schema.createTable('alerts', table => {
    table.string('incident_id', 36).primary();
    table.string('fingerprint', 64).notNullable();
    table.bigInteger('starts_at').notNullable().comment('ms since 1970');
    table.bigInteger('ends_at').comment('Null while it fires');
    table.string('status', 16).notNullable().comment('firing or resolved');
    table.bigInteger('status_since').notNullable().comment('As we heard of it');
    table.string('name', 255).notNullable();
    table.string('severity', 64);
    table.text('group_key').notNullable();
    table.string('group_id', 64).notNullable().comment('Of receiver and key');
    table.text('receiver').notNullable();
    table.text('labels').notNullable().comment('JSON, redacted');
    table.text('group_labels').notNullable().comment('JSON, redacted');
    table.text('annotations').notNullable().comment('JSON, redacted');
    table.text('expression');
    table.text('generator_url');
    table.string('cluster', 255);
    table.string('namespace', 255);
    table.string('pod', 255);
    table.string('container', 255);
    table.string('service', 255);
    table.integer('truncated').notNullable().comment('Left out of the message');
    table.bigInteger('matched_at').comment('When an entity was found for it');
    table.unique(['fingerprint', 'starts_at']);
    table.index(['group_id', 'starts_at']);
  });
};

exports.down = async knex => {
  await knex.schema.dropTable('alerts');
  const alerts = knex('incidents').where({ kind: 'alert' }).select('id');
  for (const table of [
    'reports',
    'kept_logs',
    'activity',
    'feedback',
    'effects',
    'jobs',
  ]) {
    await knex(table).whereIn('incident_id', alerts.clone()).delete();
  }
  await knex('incidents').where({ kind: 'alert' }).delete();
  await knex.schema.alterTable('incidents', table => {
    table.dropIndex(['kind', 'entity_ref', 'failed_at']);
    table.dropColumn('kind');
  });
};
