// SPDX-License-Identifier: Apache-2.0

// Command cluster is the control plane in one file: the first argument says which server it is.
// Built together, the three share all that they have in common of Kubernetes.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"

	"greenroom.local/cluster/certificates"
	"greenroom.local/cluster/lifeline"
)

func main() {
	role := ""
	if len(os.Args) > 1 {
		role = os.Args[1]
		os.Args = os.Args[1:]
	}
	if role != "certificates" {
		lifeline.Watch()
	}
	switch role {
	case "certificates":
		if err := certificates.Issue(os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	default:
		fmt.Fprintln(os.Stderr, "usage: cluster certificates|etcd|kube-apiserver|kube-controller-manager [flags]")
		os.Exit(2)
	}
}
