/** How much of an archive is read; what is beyond is said, not read. @public */
export interface UnpackLimits {
  /** Files of an archive or folder. */
  maxEntries: number;
  /** Bytes of one file, unpacked. */
  maxEntryBytes: number;
  /** Bytes of all files, unpacked. */
  maxTotalBytes: number;
  /**
   * Bytes that one compressed byte may become, for what is larger than 64 MiB.
   * Logs with a time stamp on each line stay below 60; deflate can reach 1032.
   */
  maxRatio: number;
}

/** For logs: one of 500 MB is read, a bomb is not. */
export const DEFAULT_UNPACK_LIMITS: UnpackLimits = {
  maxEntries: 10_000,
  maxEntryBytes: 1024 ** 3,
  maxTotalBytes: 2 * 1024 ** 3,
  maxRatio: 200,
};

/** Below this a high ratio does no harm. */
export const RATIO_MATTERS_FROM = 64 * 1024 * 1024;
