// SPDX-License-Identifier: Apache-2.0

/** Ports of a container and the ports of this machine's loopback address that stand for them. */
export type PortMap = ReadonlyMap<number, number>;

const LOOPBACK = '127.0.0.1';
const ANY_ADDRESS = /^(0\.0\.0\.0|\[?::\]?|\*)$/;
const ADDRESS_AND_PORT =
  /^(0\.0\.0\.0|\[::\]|\*|localhost|127\.0\.0\.1|):(\d{1,5})$/;
const PORT_OPTION = /^--?([\w-]*port|p)$/i;
const OPTION_WITH_VALUE = /^(--?[\w-]+)=(.*)$/s;
const PORT_VARIABLE = /(^|_)PORT$/i;

/**
 * Tells a program its ports on this machine, and to listen on the loopback address only: `--port 8080`, `--http_port=8080`,
 * `--bind 0.0.0.0:8080`, `--host 0.0.0.0`; a shell's line of words inside one argument, too.
 */
export function rewritePortArguments(args: string[], ports: PortMap): string[] {
  return args.map((arg, index) =>
    /\s/.test(arg)
      ? rewriteLine(arg, ports)
      : rewriteWord(arg, args[index - 1], ports),
  );
}

/** The same for variables: `PORT`, `*_PORT`, and any value that is an address to listen on. */
export function rewritePortVariables(
  env: Record<string, string>,
  ports: PortMap,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      PORT_VARIABLE.test(name)
        ? rewritePort(value, ports)
        : rewriteAddress(value, ports),
    ]),
  );
}

function rewriteLine(line: string, ports: PortMap): string {
  const words = line.split(/(\s+)/);
  return words
    .map((word, index) => rewriteWord(word, words[index - 2], ports))
    .join('');
}

function rewriteWord(
  word: string,
  before: string | undefined,
  ports: PortMap,
): string {
  const option = OPTION_WITH_VALUE.exec(word);
  if (option) {
    const [, name, value] = option;
    return `${name}=${PORT_OPTION.test(name) ? rewritePort(value, ports) : rewriteAddress(value, ports)}`;
  }
  return before !== undefined && PORT_OPTION.test(before)
    ? rewritePort(word, ports)
    : rewriteAddress(word, ports);
}

function rewritePort(value: string, ports: PortMap): string {
  return String(ports.get(Number(value)) ?? value);
}

function rewriteAddress(value: string, ports: PortMap): string {
  if (ANY_ADDRESS.test(value)) {
    // A star alone is a pattern more often than an address.
    return value === '*' ? value : LOOPBACK;
  }
  const [, , port] = ADDRESS_AND_PORT.exec(value) ?? [];
  const hostPort = port && ports.get(Number(port));
  return hostPort ? `${LOOPBACK}:${hostPort}` : value;
}
