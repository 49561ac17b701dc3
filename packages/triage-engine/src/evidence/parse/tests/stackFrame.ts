/** A line of a stack trace. */
export interface StackFrame {
  file: string;
  line: number;
  /** Class and method, where the language has them. */
  owner?: string;
}

const JAVA =
  /^\s{0,12}(?:at )?([\w$.<>/@-]{1,400})\(([\w$-]{1,200}\.(?:java|kt|scala|groovy)):(\d{1,7})\)$/;
const SCRIPT =
  /^\s{0,12}(?:at|❯) (?:.{0,300}[ (])?(?:file:\/\/)?([^\s()]{1,400}):(\d{1,7}):\d{1,7}\)?$/;
const LIBRARY =
  /node_modules|site-packages|dist-packages|\/lib\/python\d|^node:|^internal\/|\/_pytest\/|<Jasmine>/;

/** A frame of a JVM language. */
export function javaFrame(text: string): StackFrame | undefined {
  if (!text.endsWith(')')) return undefined;
  const match = JAVA.exec(text);
  return match
    ? { owner: match[1], file: match[2], line: Number(match[3]) }
    : undefined;
}

/** Whether a frame is in the class of a test, or in one inside it. */
export function isInClass(frame: StackFrame, testName: string): boolean {
  const stem = frame.file.replace(/\.\w{1,10}$/, '');
  const at = testName.indexOf(stem);
  return at >= 0 && !/\w/.test(testName[at + stem.length] ?? '');
}

/** A frame of JavaScript or TypeScript in the project's own code. */
export function scriptFrame(text: string): StackFrame | undefined {
  const match = SCRIPT.exec(text);
  if (!match || isLibrary(match[1])) return undefined;
  return { file: match[1], line: Number(match[2]) };
}

/** Whether a path is of what the project uses, not of the project. */
export function isLibrary(path: string): boolean {
  return LIBRARY.test(path);
}
