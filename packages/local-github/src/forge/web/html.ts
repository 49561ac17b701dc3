// SPDX-License-Identifier: Apache-2.0
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe as it stands; made by `html` or by a renderer that escapes. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** Escapes text for HTML content and quoted attributes. */
function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, char => ESCAPES[char]);
}

type HtmlValue = Html | string | number | undefined | false | HtmlValue[];

function render(value: HtmlValue): string {
  if (value instanceof Html) {
    return value.markup;
  }
  if (Array.isArray(value)) {
    return value.map(render).join('');
  }
  return value === undefined || value === false
    ? ''
    : escapeHtml(String(value));
}

/** A template of HTML: every value is escaped unless it is `Html`. Quote all attributes. */
export function html(
  strings: TemplateStringsArray,
  ...values: HtmlValue[]
): Html {
  return new Html(
    strings.reduce(
      (markup, part, index) =>
        `${markup}${part}${index < values.length ? render(values[index]) : ''}`,
      '',
    ),
  );
}
