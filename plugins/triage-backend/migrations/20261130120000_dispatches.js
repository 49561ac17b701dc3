// SPDX-License-Identifier: Apache-2.0

/** Not only trainings are started: analyses of drift, too. */
exports.up = async knex => {
  await knex.schema.renameTable('retrainings', 'dispatches');
  await knex.schema.alterTable('dispatches', table => {
    table
      .string('purpose', 32)
      .notNullable()
      .defaultTo('retraining')
      .comment('retraining or drift-analysis');
    table.bigInteger('tried_at').comment('Of the last request, ms since 1970');
  });
  // These may have been started: they are looked for before anything else.
  await knex('dispatches')
    .where({ status: 'intended' })
    .update({ tried_at: knex.ref('at') });
};

exports.down = async knex => {
  await knex('dispatches').whereNot({ purpose: 'retraining' }).delete();
  await knex.schema.alterTable('dispatches', table => {
    table.dropColumn('purpose');
    table.dropColumn('tried_at');
  });
  await knex.schema.renameTable('dispatches', 'retrainings');
};
