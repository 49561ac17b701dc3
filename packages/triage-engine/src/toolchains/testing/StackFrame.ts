/** A line of a stack trace. */
export interface StackFrame {
  file: string;
  line: number;
}
