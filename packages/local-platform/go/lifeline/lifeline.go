// SPDX-License-Identifier: Apache-2.0

// Package lifeline ends a server when the platform that started it is gone.
package lifeline

import (
	"io"
	"os"
	"syscall"
	"time"
)

// Watch asks this process to end as soon as its standard input closes, which happens however the
// platform at the other end of the pipe goes. Elsewhere (a terminal, a service manager) nothing is
// watched: the platform asks for it with GREENROOM_LIFELINE=stdin.
func Watch() {
	if os.Getenv("GREENROOM_LIFELINE") != "stdin" {
		return
	}
	// Not for what this process starts: its standard input is another.
	os.Unsetenv("GREENROOM_LIFELINE")
	go func() {
		io.Copy(io.Discard, os.Stdin)
		syscall.Kill(os.Getpid(), syscall.SIGTERM)
		time.Sleep(5 * time.Second)
		os.Exit(1)
	}()
}
