// SPDX-License-Identifier: Apache-2.0
package main

import (
	"errors"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// startCache serves Argo CD's cache, a Redis in memory, until this process ends: what it holds can be
// made again at any time.
func startCache(address, password string) error {
	if address == "" || password == "" {
		return errors.New("GREENROOM_CACHE_ADDRESS or REDIS_PASSWORD is not set")
	}
	server := miniredis.NewMiniRedis()
	server.RequireAuth(password)
	if err := server.StartAddr(address); err != nil {
		return err
	}
	go func() {
		// Its keys only grow old when it is told that time has passed.
		for range time.Tick(time.Second) {
			server.FastForward(time.Second)
		}
	}()
	return nil
}
