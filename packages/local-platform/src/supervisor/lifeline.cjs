// Loaded with --require into the Node servers that the platform starts: when the platform is gone,
// however it went, the pipe on standard input closes and the server goes too.
const { isMainThread } = require('node:worker_threads');

// Workers load this as well, with a standard input of their own that is closed from the start.
if (isMainThread) {
  process.stdin.on('error', () => {});
  process.stdin.on('end', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 5000).unref();
  });
  process.stdin.resume();
  process.stdin.unref?.();
}
