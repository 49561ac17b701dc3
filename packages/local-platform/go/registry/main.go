// SPDX-License-Identifier: Apache-2.0

// Command registry is the image registry of the local cluster: the OCI distribution API of go-containerregistry with
// blobs on disk, behind tokens.
package main

import (
	"bufio"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

// maxBlobBytes is the size of one request's body: a model in a layer.
const maxBlobBytes = 4 << 30

// options is one line of JSON on standard input: it holds secrets, and processes' arguments can be read by jobs.
type options struct {
	Port    int    `json:"port"`
	DataDir string `json:"dataDir"`
	// PullToken reads every repository: the kubelet's.
	PullToken string `json:"pullToken"`
	// SigningKey is what the runner signs the tokens of jobs with.
	SigningKey string `json:"signingKey"`
}

func main() {
	if err := run(); err != nil {
		log.Fatalf("registry: %v", err)
	}
}

func run() error {
	input := bufio.NewReader(os.Stdin)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("standard input has no line of options: %w", err)
	}
	var opts options
	if err := json.Unmarshal(line, &opts); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	if opts.DataDir == "" || len(opts.PullToken) < 20 || len(opts.SigningKey) < 20 {
		return errors.New("options: dataDir, pullToken and signingKey are required, tokens of 20 characters or more")
	}

	handler, err := newHandler(opts)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", opts.Port))
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           hostCheck(listener.Addr().(*net.TCPAddr).Port, handler),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
	}

	// The parent holds the other end of standard input: however it ends, we do too.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, input)
		stop()
	}()
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close()
		}
	}()

	fmt.Printf("{\"ready\":true,\"url\":\"http://%s\"}\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func newHandler(opts options) (http.Handler, error) {
	blobs := filepath.Join(opts.DataDir, "blobs")
	if err := os.MkdirAll(blobs, 0o700); err != nil {
		return nil, err
	}
	// What an upload that was cut off left behind.
	leftovers, err := filepath.Glob(filepath.Join(blobs, "upload-*"))
	if err != nil {
		return nil, err
	}
	for _, file := range leftovers {
		_ = os.Remove(file)
	}
	logger := log.New(os.Stderr, "", log.LstdFlags)
	inner := registry.New(registry.Logger(logger), registry.WithBlobHandler(registry.NewDiskBlobHandler(blobs)))
	kept := &manifests{dir: filepath.Join(opts.DataDir, "manifests"), blobs: blobs, inner: inner}
	if err := kept.restore(); err != nil {
		return nil, err
	}
	tokens := &tokens{pull: opts.PullToken, key: []byte(opts.SigningKey)}
	return tokens.protect(limitBody(kept)), nil
}

// hostCheck refuses requests that a page of another site makes through a name that it lets point here, and any of a browser.
func hostCheck(port int, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := strings.ToLower(r.Host)
		if host != fmt.Sprintf("127.0.0.1:%d", port) && host != fmt.Sprintf("localhost:%d", port) {
			http.Error(w, "wrong host", http.StatusMisdirectedRequest)
			return
		}
		if r.Header.Get("Origin") != "" {
			http.Error(w, "no requests of browsers", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(maxBlobBytes)
		if r.Method == http.MethodPatch {
			// The library keeps what comes in pieces in memory until its end.
			limit = 256 << 20
		}
		if r.ContentLength > limit {
			deny(w, http.StatusRequestEntityTooLarge, "SIZE_INVALID", "the upload is too large")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// deny answers as the distribution specification words errors.
func deny(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []map[string]string{{"code": code, "message": message}},
	})
}

func same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
