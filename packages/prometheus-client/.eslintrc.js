module.exports = require('../../eslint/createConfig')(__dirname);
