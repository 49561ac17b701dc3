/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('greenroom_ml_keys', table => {
    table.comment('What the module signs with; never leaves the database');
    table.string('name').primary().comment('What the key is for');
    table.string('key').notNullable().comment('256 random bits, in hex');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('greenroom_ml_keys');
};
