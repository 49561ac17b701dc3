// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// claims is what a job's token says: `base64url(claims).base64url(HMAC-SHA-256 of the first part)`.
type claims struct {
	// Repository may be read and, with Push, written, and what is below it.
	Repository string `json:"repository"`
	Push       bool   `json:"push"`
	// Expires in seconds since 1970.
	Expires int64 `json:"expires"`
}

type tokens struct {
	pull string
	key  []byte
}

// repositoryPath is a request below a repository, with the grammar of names of the distribution specification.
var repositoryPath = regexp.MustCompile(
	`^/v2/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)/(blobs|manifests|tags)/[^/]+(?:/[^/]*)?$`)

func (t *tokens) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := given(r)
		isKubelet := same(token, t.pull)
		job := t.verify(token)
		if !isKubelet && job == nil {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			deny(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
			return
		}
		if r.URL.Path == "/v2/" || r.URL.Path == "/v2" {
			next.ServeHTTP(w, r)
			return
		}
		match := repositoryPath.FindStringSubmatch(r.URL.Path)
		if match == nil || len(match[1]) > 255 {
			deny(w, http.StatusNotFound, "NAME_INVALID", "invalid repository name")
			return
		}
		isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
		may := isRead && isKubelet || job != nil && job.covers(match[1]) && (isRead || job.Push)
		// What is pushed stays: a tag is moved by another push.
		if !may || r.Method == http.MethodDelete {
			deny(w, http.StatusForbidden, "DENIED", "requested access to the resource is denied")
			return
		}
		// A blob of another repository could be mounted by its digest alone.
		if query := r.URL.Query(); query.Has("mount") || query.Has("from") {
			query.Del("mount")
			query.Del("from")
			r.URL.RawQuery = query.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

func given(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return ""
}

func (t *tokens) verify(token string) *claims {
	payload, signature, ok := strings.Cut(token, ".")
	if !ok {
		return nil
	}
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(payload))
	if !same(signature, base64.RawURLEncoding.EncodeToString(mac.Sum(nil))) {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil
	}
	var found claims
	if json.Unmarshal(raw, &found) != nil || found.Repository == "" || found.Expires < time.Now().Unix() {
		return nil
	}
	return &found
}

func (c *claims) covers(repository string) bool {
	return repository == c.Repository || strings.HasPrefix(repository, c.Repository+"/")
}
