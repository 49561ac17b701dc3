/** The key of channel names, which all replicas share, and how long steps of rollouts took. */
exports.up = async knex => {
  await knex.schema.createTable('channel_key', table => {
    table.integer('id').primary().comment('Always 1: there is one key');
    table.string('key', 64).notNullable().comment('32 random bytes, base64url');
  });
  await knex.schema.createTable('rollout_steps', table => {
    table
      .string('service', 64)
      .notNullable()
      .comment('SHA-256 of cluster, namespace and name');
    table.string('rollout', 255).notNullable().comment('Pod that became ready');
    table.string('step', 32).notNullable();
    table.integer('duration').notNullable().comment('ms');
    table.bigInteger('finished_at').notNullable().comment('ms since 1970');
    table.primary(['service', 'rollout', 'step']);
    table.index('finished_at');
  });
};

exports.down = async knex => {
  await knex.schema.dropTable('rollout_steps');
  await knex.schema.dropTable('channel_key');
};
