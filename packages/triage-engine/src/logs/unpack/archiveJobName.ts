const MAX_LENGTH = 90;

/**
 * A job's name as GitHub writes it into a log archive: without `/` and `:`, cut
 * to 90 UTF-16 code units, then trimmed. Half an emoji becomes U+FFFD.
 *
 * Source: cli/cli, `pkg/cmd/run/view`.
 */
export function archiveJobName(name: string): string {
  return name
    .replace(/[/:]/g, '')
    .slice(0, MAX_LENGTH)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}
