const LF = 10;
const CR = 13;

type Piece = string | Uint8Array;

function find(piece: Piece, code: number, from: number): number {
  return typeof piece === 'string'
    ? piece.indexOf(code === LF ? '\n' : '\r', from)
    : piece.indexOf(code, from);
}

const codeAt = (piece: Piece, at: number): number | undefined =>
  typeof piece === 'string' ? piece.charCodeAt(at) : piece[at];

/**
 * Finds where lines end: at CRLF, a lone CR or LF, so that a number means the same
 * line here, in an editor and in GitHub's log. Text and bytes come in any pieces.
 */
export class LineSplitter {
  #skipLineFeed = false;

  /**
   * @param onLine - is told where each line that ends in the piece begins, and where
   *   its end is
   * @returns where the line begins that does not end in the piece
   */
  split(piece: Piece, onLine: (start: number, end: number) => void): number {
    if (piece.length === 0) {
      return 0;
    }
    let start = this.#skipLineFeed && codeAt(piece, 0) === LF ? 1 : 0;
    this.#skipLineFeed = false;
    let lf = find(piece, LF, start);
    let cr = find(piece, CR, start);
    while (lf >= 0 || cr >= 0) {
      const from = start;
      const end = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf;
      start = end + 1;
      if (end === cr) {
        if (start === piece.length) {
          this.#skipLineFeed = true;
        } else if (codeAt(piece, start) === LF) {
          start += 1;
        }
        cr = find(piece, CR, start);
      }
      if (lf >= 0 && lf < start) {
        lf = find(piece, LF, start);
      }
      onLine(from, end);
    }
    return start;
  }
}
