// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxManifestBytes is the least that registries have to take; larger ones are refused.
const maxManifestBytes = 4 << 20

var (
	manifestPath = regexp.MustCompile(`^/v2/(.+)/manifests/([^/]+)$`)
	digestName   = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	tagName      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
)

// manifests keeps on disk what go-containerregistry's registry keeps in memory only, and puts it there again at the start.
// It holds what is pushed against what the library does not: the digest that it goes by, and that its blobs are here.
type manifests struct {
	dir   string
	blobs string
	inner http.Handler
}

// record is a file: `manifests/<repository>/<tag or digest>`, names as they stand in a URL's query.
type record struct {
	ContentType string `json:"contentType"`
	Body        []byte `json:"body"`
}

type descriptor struct {
	Digest string `json:"digest"`
}

type contents struct {
	Config    *descriptor  `json:"config"`
	Layers    []descriptor `json:"layers"`
	Manifests []descriptor `json:"manifests"`
}

func (m *manifests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	match := manifestPath.FindStringSubmatch(r.URL.Path)
	if match == nil || r.Method != http.MethodPut {
		m.inner.ServeHTTP(w, r)
		return
	}
	repository, target := match[1], match[2]
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxManifestBytes))
	if err != nil {
		deny(w, http.StatusRequestEntityTooLarge, "SIZE_INVALID", "the manifest is too large or broke off")
		return
	}
	sum := sha256.Sum256(body)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	if strings.Contains(target, ":") && target != digest {
		deny(w, http.StatusBadRequest, "DIGEST_INVALID", "the manifest does not have the digest that it is pushed by")
		return
	}
	if target != digest && !tagName.MatchString(target) {
		deny(w, http.StatusBadRequest, "TAG_INVALID", "invalid tag")
		return
	}
	if code, problem := m.findProblem(body); problem != "" {
		deny(w, http.StatusBadRequest, code, problem)
		return
	}
	kept := record{ContentType: r.Header.Get("Content-Type"), Body: body}
	answer := m.put(repository, target, kept)
	if answer.status == http.StatusCreated {
		for _, name := range []string{digest, target} {
			if err := m.write(repository, name, kept); err != nil {
				deny(w, http.StatusInternalServerError, "UNKNOWN", writeProblem(err))
				return
			}
		}
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body.Bytes())
}

func (m *manifests) findProblem(body []byte) (code, problem string) {
	var found contents
	if json.Unmarshal(body, &found) != nil || found.Config == nil && found.Manifests == nil {
		return "MANIFEST_INVALID", "the manifest is neither of an image nor an index"
	}
	needed := found.Layers
	if found.Config != nil {
		needed = append(needed, *found.Config)
	}
	for _, blob := range needed {
		if !digestName.MatchString(blob.Digest) {
			return "MANIFEST_INVALID", "a digest of the manifest is none of SHA-256"
		}
		if _, err := os.Stat(filepath.Join(m.blobs, "sha256", strings.TrimPrefix(blob.Digest, "sha256:"))); err != nil {
			return "MANIFEST_BLOB_UNKNOWN", fmt.Sprintf("blob %s is not here", blob.Digest)
		}
	}
	return "", ""
}

// restore puts what is on disk into memory, images before the indexes that name them.
func (m *manifests) restore() error {
	for _, wantIndexes := range []bool{false, true} {
		err := filepath.WalkDir(m.dir, func(file string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && file == m.dir {
				return nil
			}
			if err != nil || entry.IsDir() {
				return err
			}
			repository, err := url.QueryUnescape(filepath.Base(filepath.Dir(file)))
			if err != nil {
				return nil
			}
			target, err := url.QueryUnescape(entry.Name())
			if err != nil || !digestName.MatchString(target) && !tagName.MatchString(target) {
				return nil
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			var kept record
			var found contents
			if json.Unmarshal(raw, &kept) != nil || json.Unmarshal(kept.Body, &found) != nil {
				return nil
			}
			if (found.Manifests != nil) == wantIndexes {
				m.put(repository, target, kept)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *manifests) put(repository, target string, kept record) *answer {
	result := &answer{header: http.Header{}, status: http.StatusOK}
	request := &http.Request{
		Method: http.MethodPut,
		URL:    &url.URL{Path: "/v2/" + repository + "/manifests/" + target},
		Header: http.Header{"Content-Type": {kept.ContentType}},
		Body:   io.NopCloser(bytes.NewReader(kept.Body)),
	}
	m.inner.ServeHTTP(result, request)
	return result
}

func (m *manifests) write(repository, target string, kept record) error {
	folder := filepath.Join(m.dir, url.QueryEscape(repository))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	raw, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	// A name that is no tag, so that a file that was cut off is not read.
	part, err := os.CreateTemp(folder, "~*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(raw)
	if closeErr := part.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(part.Name(), filepath.Join(folder, url.QueryEscape(target)))
}

func writeProblem(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return "the manifest could not be written: " + path.Err.Error()
	}
	return "the manifest could not be written"
}

// answer is what the library answers to a request of our own.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header            { return a.header }
func (a *answer) WriteHeader(status int)         { a.status = status }
func (a *answer) Write(part []byte) (int, error) { return a.body.Write(part) }
