// SPDX-License-Identifier: Apache-2.0

/**
 * Why a name cannot name a model component.
 *
 * @public
 */
export type ModelNameProblem =
  'missing' | 'too-short' | 'too-long' | 'malformed' | 'reserved';

const MIN_LENGTH = 3;
const MAX_LENGTH = 40;

// The repository has its code in src/<package> with src on the path: a package
// of one of these names would hide the one that the code imports, or could not
// be imported. https://docs.python.org/3/py-modindex.html, without what a model
// name cannot be (underscores at the start, capitals, under three letters).
const RESERVED = new Set(
  `and assert async await break class continue def del elif else except false
  finally for from global import lambda none nonlocal not pass raise return true
  try while with yield match case type
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit
  audioop base64 bdb binascii binhex bisect builtins bz2 cgi cgitb chunk cmath
  cmd code codecs codeop collections colorsys compileall concurrent configparser
  contextlib contextvars copy copyreg crypt csv ctypes curses cprofile
  dataclasses datetime dbm decimal difflib dis distutils doctest email encodings
  ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter
  fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib
  grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib
  inspect io ipaddress itertools json keyword lib2to3 linecache locale logging
  lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt
  multiprocessing netrc nis nntplib ntpath nturl2path numbers opcode operator
  optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil
  platform plistlib poplib posix posixpath pprint profile pstats pty pwd
  py_compile pyclbr pydoc pyexpat queue quopri random re readline reprlib
  resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
  signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
  ssl stat statistics string stringprep struct subprocess sunau symbol symtable
  sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap
  this threading time timeit tkinter token tokenize tomllib trace traceback
  tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu
  uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml
  xmlrpc zipapp zipfile zipimport zlib zoneinfo
  src tests conftest setup pip setuptools wheel pkg_resources uv
  mlflow sklearn scikit_learn numpy scipy pandas joblib cloudpickle skops pytest
  flake8 bandit yaml requests matplotlib pyarrow docker flask fastapi uvicorn
  gunicorn werkzeug sqlalchemy alembic click rich pydantic starlette packaging
  google opentelemetry databricks cachetools graphene jinja2 markdown git gitdb
  kserve`.split(/\s+/),
);

/**
 * The Python package of a model component: its name with underscores.
 *
 * @public
 */
export function toPackageName(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * The team of an owner: the last part of the entity reference as a DNS label, by
 * which the namespaces of its models are named (`<team>-<environment>`).
 *
 * @public
 */
export function toTeamName(ownerRef: string): string {
  return ownerRef
    .slice(Math.max(ownerRef.lastIndexOf(':'), ownerRef.lastIndexOf('/')) + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/**
 * Says whether a name can name a model component: a DNS label of 3 to 40
 * characters that begins with a letter (Kubernetes names the service by it),
 * whose Python package would hide no other.
 *
 * @returns undefined when it can
 * @public
 */
export function checkModelName(name: unknown): ModelNameProblem | undefined {
  if (typeof name !== 'string' || name === '') {
    return 'missing';
  }
  if (name.length > MAX_LENGTH) {
    return 'too-long';
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return 'malformed';
  }
  if (name.length < MIN_LENGTH) {
    return 'too-short';
  }
  return RESERVED.has(toPackageName(name)) ? 'reserved' : undefined;
}
