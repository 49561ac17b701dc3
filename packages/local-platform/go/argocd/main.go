// SPDX-License-Identifier: Apache-2.0

// Command argocd is the part of Argo CD that a cluster without its web pages needs, in one file: the
// name it is called by, or else ARGOCD_BINARY_NAME, says which server it is. Its API server is left
// out, and with it the web files that building it would take.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	applicationcontroller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"

	"greenroom.local/cluster/lifeline"
)

func main() {
	role := filepath.Base(os.Args[0])
	if name := os.Getenv("ARGOCD_BINARY_NAME"); name != "" {
		role = name
	}
	var command *cobra.Command
	switch role {
	case "argocd-application-controller":
		command = applicationcontroller.NewCommand()
	case "argocd-applicationset-controller":
		command = applicationset.NewCommand()
	case "argocd-repo-server":
		command = reposerver.NewCommand()
	case "argocd-git-ask-pass":
		command = gitaskpass.NewCommand()
	default:
		fmt.Fprintf(os.Stderr, "argocd: there is no role %q; set ARGOCD_BINARY_NAME\n", role)
		os.Exit(2)
	}
	// Not for git-ask-pass: its standard input is git's.
	if role != "argocd-git-ask-pass" {
		lifeline.Watch()
	}
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
