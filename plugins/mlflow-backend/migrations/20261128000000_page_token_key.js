/** The key that signs page tokens; all replicas of an installation share it. */
exports.up = async knex => {
  await knex.schema.createTable('page_token_key', table => {
    table.integer('id').primary().comment('Always 1: there is one key');
    table.string('key', 64).notNullable().comment('32 random bytes, base64url');
  });
};

exports.down = async knex => {
  await knex.schema.dropTable('page_token_key');
};
