const ELLIPSIS = '…';

/** The first characters of a text, never half of one; says that it was cut. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const last = text.charCodeAt(length - 2);
  const half = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, length - (half ? 2 : 1)) + ELLIPSIS;
}
