// SPDX-License-Identifier: Apache-2.0
package main

import (
	"os"

	"github.com/spf13/cobra"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/build"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/version"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// newKustomizeCommand is what the repo-server calls of kustomize: building, and its version.
func newKustomizeCommand() *cobra.Command {
	command := &cobra.Command{Use: "kustomize", SilenceUsage: true}
	command.AddCommand(
		build.NewCmdBuild(filesys.MakeFsOnDisk(), build.MakeHelp("kustomize", "build"), os.Stdout),
		version.NewCmdVersion(os.Stdout),
	)
	return command
}
