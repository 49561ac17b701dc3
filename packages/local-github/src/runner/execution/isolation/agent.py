"""Runs the processes of one job, keeps what the platform keeps from them, and ends all of them.

The first line of its standard input is the configuration, every further one a request; each line of its standard output is an
answer (see JobProcesses.ts). When its standard input ends, however that came about, every process of the job is killed.

How it keeps the job apart (`by` of the configuration):

- `namespaces`: it makes a user, mount, PID and IPC namespace of its own, in which the job sees the mounts that it is told;
- `bubblewrap`: bwrap has done that already, and this is process 1 of the PID namespace;
- `landlock`: the kernel refuses the job's processes every file that is not listed, and to look into other processes;
- `none`: nothing is kept from the job, but its processes are found again (PR_SET_CHILD_SUBREAPER).

Only the standard library, only what the kernel's own pages describe: mount(2), mount_setattr(2), user_namespaces(7),
pid_namespaces(7), capabilities(7), landlock(7).
"""

import base64
import ctypes
import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import time

LINUX = sys.platform.startswith("linux")
libc = ctypes.CDLL(None, use_errno=True)

# mount(2)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
SYS_MOUNT_SETATTR, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, 0x8000, 1
# unshare(2)
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
# prctl(2)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
# landlock(7); the system calls have these numbers on every architecture
SYS_CREATE_RULESET, SYS_ADD_RULE, SYS_RESTRICT_SELF = 444, 445, 446
FS_EXECUTE, FS_WRITE, FS_READ, FS_READ_DIR = 1, 2, 4, 8
FS_TRUNCATE, FS_IOCTL_DEV = 1 << 14, 1 << 15
SCOPE_SIGNAL = 2


def check(result, what):
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def prctl(option, value, third=0):
    return libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(third), 0, 0)


# --- namespaces ---------------------------------------------------------------------------------------------------------


def mount(source, target, kind=None, flags=0, data=None):
    encoded = [os.fsencode(text) if text is not None else None for text in (source, target, kind)]
    check(libc.mount(*encoded, ctypes.c_ulong(flags), os.fsencode(data) if data else None), f"mount {target}")


def set_read_only(target, read_only):
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY if read_only else 0, 0 if read_only else MOUNT_ATTR_RDONLY, 0, 0)
    result = libc.syscall(SYS_MOUNT_SETATTR, -100, os.fsencode(target), AT_RECURSIVE, attributes, ctypes.sizeof(attributes))
    check(result, f"mount_setattr {target}")


def make_target(target, handle):
    if os.path.exists(target):
        return
    if stat.S_ISDIR(os.fstat(handle).st_mode):
        os.makedirs(target)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "x").close()


def bind(handle, target, flags=MS_REC):
    mount(f"/proc/self/fd/{handle}", target, flags=MS_BIND | flags)


def make_devices():
    names = [name for name in ("null", "zero", "full", "random", "urandom", "tty") if os.path.exists(f"/dev/{name}")]
    handles = {name: os.open(f"/dev/{name}", os.O_PATH) for name in names}
    mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")
    for name, handle in handles.items():
        open(f"/dev/{name}", "x").close()
        bind(handle, f"/dev/{name}", 0)
        os.close(handle)
    for name in ("pts", "shm"):
        os.mkdir(f"/dev/{name}")
    mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    for name, target in {"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}.items():
        os.symlink(target, f"/dev/{name}")


def make_mounts(mounts):
    mount(None, "/", flags=MS_REC | MS_PRIVATE)
    # What is hidden is taken hold of before it is.
    handles = [os.open(entry["source"], os.O_PATH) if "source" in entry else None for entry in mounts]
    set_read_only("/", True)
    make_devices()
    for entry, handle in zip(mounts, handles):
        target = entry["path"]
        if handle is None:
            mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
            continue
        make_target(target, handle)
        bind(handle, target)
        set_read_only(target, not entry.get("writable", False))
        os.close(handle)
    # Mounted last: the handles above are reached through the old one.
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for name in ("sys", "sysrq-trigger", "irq", "bus"):
        if os.path.exists(f"/proc/{name}"):
            mount(f"/proc/{name}", f"/proc/{name}", flags=MS_BIND | MS_REC)
            set_read_only(f"/proc/{name}", True)


def drop_capabilities():
    for capability in range(64):
        if prctl(PR_CAPBSET_DROP, capability) == -1:
            break
    prctl(PR_CAP_AMBIENT, 4)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    check(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def enter_namespaces(mounts):
    user, group = os.getuid(), os.getgid()
    check(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    # Before the fork: the child makes a new /dev of the mounts that both have, which has no /dev/null for a moment.
    devnull = os.open(os.devnull, os.O_RDWR)
    child = os.fork()
    if child:
        # The job's processes end with process 1 of their namespace; this one only waits for it.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for handle in (0, 1):
            os.dup2(devnull, handle)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    os.close(devnull)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    make_mounts(mounts)


# --- Landlock -----------------------------------------------------------------------------------------------------------


def landlock_ruleset(mounts):
    """A ruleset for a view of mounts: what is not named by it may be read, except below what is hidden."""
    version = libc.syscall(SYS_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    check(version, "landlock")
    handled = (1 << 13) - 1  # the first version's rights
    if version >= 2:
        handled |= 1 << 13  # moving between folders
    if version >= 3:
        handled |= FS_TRUNCATE
    # Signals and abstract sockets stay inside, where the kernel knows of that.
    attributes = (ctypes.c_uint64 * 3)(handled, 0, SCOPE_SIGNAL if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = check(libc.syscall(SYS_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0), "landlock_create_ruleset")
    on_file = FS_EXECUTE | FS_WRITE | FS_READ | FS_TRUNCATE
    reading = FS_EXECUTE | FS_READ | FS_READ_DIR

    def allow(path, rights):
        try:
            handle = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return
        mode = os.fstat(handle).st_mode
        if not stat.S_ISLNK(mode):
            rights &= handled if stat.S_ISDIR(mode) else handled & on_file

            class Rule(ctypes.Structure):
                _pack_ = 1
                _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]

            rule = Rule(rights, handle)
            check(libc.syscall(SYS_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0), f"landlock_add_rule {path}")
        os.close(handle)

    own = {entry["path"] for entry in mounts if entry.get("source") == entry["path"]}
    hidden = {entry["path"] for entry in mounts} - own | {"/dev"}

    def walk(path, rights):
        prefix = path.rstrip("/") + "/"
        if not any(other.startswith(prefix) for other in hidden):
            allow(path, rights)
            return
        try:
            names = os.listdir(path)
        except OSError:
            return
        for name in names:
            if prefix + name not in hidden:
                walk(prefix + name, rights)

    walk("/", reading)
    for entry in mounts:
        if entry["path"] in own:
            walk(entry["path"], handled if entry.get("writable") else reading)
    for name in ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm"):
        allow(f"/dev/{name}", handled)
    return ruleset


# --- the job's processes ------------------------------------------------------------------------------------------------


def process_table():
    """Every process that can be seen: {pid: (parent, name)}."""
    table = {}
    if not LINUX:
        output = subprocess.run(["ps", "-axo", "pid=,ppid=,comm="], capture_output=True, text=True, check=False).stdout
        for line in output.splitlines():
            pid, parent, name = line.split(None, 2)
            table[int(pid)] = (int(parent), os.path.basename(name))
        return table
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf8", errors="replace") as file:
                    text = file.read()
            except OSError:
                continue
            name, rest = text[text.index("(") + 1 :].rsplit(")", 1)
            table[int(entry)] = (int(rest.split()[1]), name)
    return table


class Agent:
    def __init__(self, config, buffer):
        self.buffer = buffer
        self.alone = os.getpid() == 1
        self.ruleset = landlock_ruleset(config["mounts"]) if config["by"] == "landlock" else None
        self.selector = selectors.DefaultSelector()
        self.commands = {}
        self.pids = {}
        self.outputs = {}
        # Where nothing hands orphans back (macOS): what has been seen below this process.
        self.seen = set()
        wake, signaled = os.pipe()
        os.set_blocking(signaled, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(signaled, warn_on_full_buffer=False)
        self.selector.register(wake, selectors.EVENT_READ, "wake")
        self.selector.register(0, selectors.EVENT_READ, "request")

    def serve(self):
        self.answer(ready=True)
        while self.requests():
            for key, _ in self.selector.select(None if LINUX else 1):
                if key.data == "wake":
                    os.read(key.fd, 4096)
                elif key.data == "request":
                    chunk = os.read(0, 65536)
                    if not chunk:
                        return
                    self.buffer += chunk
                else:
                    self.read(key.fd, *key.data)
            if not LINUX:
                self.find()
            self.reap()

    def requests(self):
        """Does what the whole lines of the buffer ask; false if the job has ended."""
        while b"\n" in self.buffer:
            line, _, self.buffer = self.buffer.partition(b"\n")
            request = json.loads(line)
            if "end" in request:
                self.answer(ended=self.kill_all())
                return False
            if "command" in request:
                self.start(request)
            elif "signal" in request:
                self.signal(request["id"], signal.Signals[request["signal"]])
            elif "release" in request:
                self.release(request["id"])
        return True

    def start(self, request):
        identity = request["id"]
        restrict = None
        if self.ruleset is not None:

            def restrict():
                check(libc.syscall(SYS_RESTRICT_SELF, self.ruleset, 0), "landlock_restrict_self")

        try:
            child = subprocess.Popen(
                [request["command"], *request["args"]],
                cwd=request["cwd"],
                env=request["env"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                # GitHub's; the platform's own is stricter.
                umask=0o022,
                preexec_fn=restrict,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.answer(id=identity, error=str(error))
            return
        self.commands[identity] = child
        self.pids[child.pid] = identity
        self.outputs[identity] = [child.stdout, child.stderr]
        for stream, pipe in enumerate(self.outputs[identity]):
            self.selector.register(pipe.fileno(), selectors.EVENT_READ, (identity, stream, pipe))

    def read(self, handle, identity, stream, pipe):
        if pipe.closed:
            return
        chunk = os.read(handle, 65536)
        if chunk:
            self.answer(id=identity, stream=stream, data=base64.b64encode(chunk).decode())
            return
        self.close(identity, pipe)
        if not self.outputs[identity]:
            self.answer(id=identity, closed=True)

    def close(self, identity, pipe):
        self.selector.unregister(pipe.fileno())
        self.outputs[identity].remove(pipe)
        pipe.close()

    def release(self, identity):
        for pipe in list(self.outputs.get(identity, [])):
            self.close(identity, pipe)
        self.outputs.pop(identity, None)
        self.commands.pop(identity, None)

    def signal(self, identity, number):
        child = self.commands.get(identity)
        if child:
            try:
                os.killpg(child.pid, number)
            except OSError:
                pass

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            identity = self.pids.pop(pid, None)
            if identity is not None:
                code = os.waitstatus_to_exitcode(status)
                code = 128 - code if code < 0 else code
                self.commands[identity].returncode = code
                self.answer(id=identity, exit=code)

    def find(self):
        """The job's processes, {pid: name}."""
        table = process_table()
        if self.alone:
            return {pid: name for pid, (_, name) in table.items() if pid != 1}
        family = {os.getpid()} | (self.seen & table.keys())
        while True:
            more = {pid for pid, (parent, _) in table.items() if parent in family} - family
            if not more:
                break
            family |= more
        self.seen = set() if LINUX else family
        return {pid: table[pid][1] for pid in family if pid != os.getpid() and pid in table}

    def kill_all(self):
        """Kills until none is left; what was killed, without the shells and programs of running steps."""
        killed = {}
        steps = set(self.pids)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            self.reap()
            found = self.find()
            if not found:
                break
            for pid, name in found.items():
                killed.setdefault(pid, name)
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            time.sleep(0.01)
        return [{"pid": pid, "name": name} for pid, name in killed.items() if pid not in steps]

    @staticmethod
    def answer(**message):
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(1, data) :]


def main():
    buffer = b""
    while b"\n" not in buffer:
        chunk = os.read(0, 65536)
        if not chunk:
            return
        buffer += chunk
    line, _, buffer = buffer.partition(b"\n")
    config = json.loads(line)
    try:
        if config["by"] == "namespaces":
            enter_namespaces(config["mounts"])
        # With a handler rather than SIG_IGN, which the job's processes would inherit.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        if LINUX:
            # Other jobs' requests and secrets are in this process: nobody may look into it.
            prctl(PR_SET_DUMPABLE, 0)
            prctl(PR_SET_CHILD_SUBREAPER, 1)
        agent = Agent(config, buffer)
        if config["by"] != "none":
            check(prctl(PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")
            drop_capabilities()
    except OSError as error:
        Agent.answer(failed=str(error))
        sys.exit(1)
    try:
        agent.serve()
    finally:
        agent.kill_all()


if __name__ == "__main__":
    main()
