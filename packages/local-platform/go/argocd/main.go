// SPDX-License-Identifier: Apache-2.0

// Command argocd is the part of Argo CD that a cluster without its web pages needs, in one file: the
// name it is called by, or else ARGOCD_BINARY_NAME, says which server it is. Its API server is left
// out, and with it the web files that building it would take. Two things are not Argo CD's own: the
// repo-server holds the cache of all, so that no Redis is needed, and it calls this as kustomize.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"

	"greenroom.local/cluster/lifeline"
)

func main() {
	role := filepath.Base(os.Args[0])
	// The repo-server's environment, with its role, comes down to kustomize too.
	if name := os.Getenv("ARGOCD_BINARY_NAME"); name != "" && role != "kustomize" {
		role = name
	}
	var command *cobra.Command
	switch role {
	case "argocd-application-controller":
		command = newControllerCommand()
	case "argocd-applicationset-controller":
		command = applicationset.NewCommand()
	case "argocd-repo-server":
		command = reposerver.NewCommand()
	case "argocd-git-ask-pass":
		command = gitaskpass.NewCommand()
	case "kustomize":
		command = newKustomizeCommand()
	default:
		fmt.Fprintf(os.Stderr, "argocd: there is no role %q; set ARGOCD_BINARY_NAME\n", role)
		os.Exit(2)
	}
	// Not for what others start: its standard input is theirs.
	if role != "argocd-git-ask-pass" && role != "kustomize" {
		lifeline.Watch()
	}
	if role == "argocd-repo-server" {
		if err := startCache(os.Getenv("GREENROOM_CACHE_ADDRESS"), os.Getenv("REDIS_PASSWORD")); err != nil {
			fmt.Fprintln(os.Stderr, "argocd: its cache:", err)
			os.Exit(1)
		}
	}
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
