// SPDX-License-Identifier: Apache-2.0

/**
 * GitHub's own parser and expression evaluator. Both are ESM only and import
 * JSON without an attribute, so they are loaded at run time (under tsx) and
 * handed to whoever needs them.
 */
export interface ActionsLanguage {
  parser: typeof import('@actions/workflow-parser');
  actionParser: typeof import('@actions/workflow-parser/actions/index');
  expressions: typeof import('@actions/expressions');
}

/** Loads the language; the modules themselves are cached by Node. */
export async function loadActionsLanguage(): Promise<ActionsLanguage> {
  const [parser, actionParser, expressions] = await Promise.all([
    import('@actions/workflow-parser'),
    import('@actions/workflow-parser/actions/index'),
    import('@actions/expressions'),
  ]);
  return { parser, actionParser, expressions };
}
