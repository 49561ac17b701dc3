// SPDX-License-Identifier: Apache-2.0

/** The tags of MLflow's runs and versions as an object. @param {{ tags: { key: string, value: string }[] }} tagged */
export const tagsOf = ({ tags }) =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));
