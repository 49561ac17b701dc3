// SPDX-License-Identifier: Apache-2.0
package main

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/spf13/cobra"
)

// newCacheCommand is a Redis in memory for Argo CD's own cache: what it holds can be made again at
// any time. The password comes by REDIS_PASSWORD, as Argo CD's servers take it.
func newCacheCommand() *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:  "argocd-cache",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			password := os.Getenv("REDIS_PASSWORD")
			if password == "" {
				return errors.New("REDIS_PASSWORD is not set")
			}
			server := miniredis.NewMiniRedis()
			server.RequireAuth(password)
			if err := server.StartAddr(address); err != nil {
				return err
			}
			defer server.Close()
			stop := make(chan os.Signal, 1)
			signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
			// Its keys only grow old when it is told that time has passed.
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					server.FastForward(time.Second)
				case <-stop:
					return nil
				}
			}
		},
	}
	command.Flags().StringVar(&address, "address", "127.0.0.1:6379", "where to listen")
	return command
}
