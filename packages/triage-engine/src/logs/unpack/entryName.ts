const MAX_LENGTH = 1024;

/** Why a name of an archive is not followed; undefined for one that stays inside. */
export function whyUnsafe(name: string): string | undefined {
  if (name.length === 0 || name.length > MAX_LENGTH) {
    return `its name has ${name.length} characters`;
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) {
    return 'its name has control characters';
  }
  if (/^(?:\/|[A-Za-z]:)/.test(name)) {
    return 'its name is an absolute path';
  }
  return name.split('/').includes('..')
    ? 'its name leads out of the archive'
    : undefined;
}

/** A name for people, where it cannot be trusted. */
export function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 200)).slice(1, -1);
}

/** What file managers leave behind: resource forks, indexes, thumbnails. */
export function isClutter(name: string): boolean {
  const parts = name.split('/');
  const last = parts[parts.length - 1].toLocaleLowerCase('en-US');
  return (
    parts[0] === '__MACOSX' ||
    last.startsWith('._') ||
    last === '.ds_store' ||
    last === 'thumbs.db' ||
    last === 'desktop.ini'
  );
}

/** Told from its first bytes: an archive in an archive is said, not followed. */
export function archiveKind(head: Uint8Array): string | undefined {
  const starts = (...bytes: number[]) =>
    bytes.every((byte, index) => head[index] === byte);
  if (
    starts(0x50, 0x4b, 3, 4) ||
    starts(0x50, 0x4b, 5, 6) ||
    starts(0x50, 0x4b, 7, 8)
  ) {
    return 'zip';
  }
  if (starts(0x1f, 0x8b)) {
    return 'gzip';
  }
  if (starts(0x42, 0x5a, 0x68)) {
    return 'bzip2';
  }
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) {
    return 'xz';
  }
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) {
    return 'zstd';
  }
  if (starts(0x37, 0x7a, 0xbc, 0xaf)) {
    return '7z';
  }
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar'
    ? 'tar'
    : undefined;
}

/** Whether the first bytes are no text: a NUL that is not half of a UTF-16 character. */
export function isBinary(head: Uint8Array): boolean {
  const utf16 =
    (head[0] === 0xff && head[1] === 0xfe) ||
    (head[0] === 0xfe && head[1] === 0xff);
  return !utf16 && head.includes(0);
}
