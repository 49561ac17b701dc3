// SPDX-License-Identifier: Apache-2.0

// What stands for a value in templates, shells, code and masked logs.
const FORMS = [
  /^\*+$|^[xX]{3,}$|^[.…]+$|^[-_=#?]+$/,
  /^\$(?:\w+|\{.*|\(.*)$|^%\w+%$|^\{\{?.*|^<.*|^@\w+@$|^:\w+$/,
  // YAML's tags, and what SOPS encrypted.
  /^!\w+$|^ENC\[/,
  // The name of a variable.
  /^[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:TOKEN|PASSWORD|PASS|SECRET|KEY|USERNAME)$/,
  /^\[(?:REDACTED|MASKED|FILTERED|HIDDEN|SECRET)\b/i,
  /^(?:true|false|null|none|nil|undefined|nan|empty|unset|missing|required|optional|string|str|text|int|bool|boolean|object|bytes|any|yes|no|on|off|ok|masked|redacted|filtered|hidden|removed|changeme|change-me|your[-_ ]?\w*|example|placeholder|todo|dummy)$/i,
];

/** A value that only says that there is one: `***`, `${TOKEN}`, `null`. */
export function isPlaceholderValue(value: string): boolean {
  return FORMS.some(form => form.test(value));
}
