// SPDX-License-Identifier: Apache-2.0

/** Retrainings that drift asked for: those that were started, and those that were not. */
exports.up = async knex => {
  await knex.schema.createTable('retrainings', table => {
    table.string('incident_id', 36).primary();
    table.string('repository', 512).notNullable().comment('host/owner/name');
    table.bigInteger('at').notNullable().comment('ms since 1970');
    table
      .string('status', 16)
      .notNullable()
      .comment('intended, started or refused');
    table.text('reasons').notNullable().comment('JSON');
    table.text('url');
    table.index(['repository', 'at']);
  });
};

exports.down = async knex => {
  await knex.schema.dropTable('retrainings');
};
