// SPDX-License-Identifier: Apache-2.0
package main

import (
	"context"
	"net"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	cmdutil "github.com/argoproj/argo-cd/v3/cmd/util"
	commitclient "github.com/argoproj/argo-cd/v3/commitserver/apiclient"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/controller"
	"github.com/argoproj/argo-cd/v3/controller/sharding"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	appclientset "github.com/argoproj/argo-cd/v3/pkg/client/clientset/versioned"
	"github.com/argoproj/argo-cd/v3/pkg/ratelimiter"
	repoclient "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/argo"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
	cacheutil "github.com/argoproj/argo-cd/v3/util/cache"
	appstatecache "github.com/argoproj/argo-cd/v3/util/cache/appstate"
	"github.com/argoproj/argo-cd/v3/util/cli"
	kubeutil "github.com/argoproj/argo-cd/v3/util/kube"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

// newControllerCommand is Argo CD's application controller as its own command starts it, for one
// small cluster. Its own listens for metrics on all addresses and has no flag against it.
func newControllerCommand() *cobra.Command {
	var (
		repoServer, metricsAddress string
		resync, repoErrorGrace     time.Duration
		clientConfig               clientcmd.ClientConfig
		cacheSource                func() (*appstatecache.Cache, error)
	)
	command := &cobra.Command{
		Use:          "argocd-application-controller",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			cli.SetLogFormat(cmdutil.LogFormat)
			cli.SetLogLevel(cmdutil.LogLevel)
			app, err := newController(ctx, clientConfig, cacheSource, repoServer, metricsAddress, resync, repoErrorGrace)
			if err != nil {
				return err
			}
			go app.Run(ctx, 4, 2)
			<-ctx.Done()
			return nil
		},
	}
	clientConfig = cli.AddKubectlFlagsToCmd(command)
	cacheSource = appstatecache.AddCacheFlagsToCmd(command)
	flags := command.Flags()
	flags.StringVar(&repoServer, "repo-server", common.DefaultRepoServerAddr, "address of the repo-server, which speaks without TLS")
	flags.StringVar(&metricsAddress, "metrics-address", "127.0.0.1:8082", "where to answer for health and metrics")
	flags.DurationVar(&resync, "app-resync", 2*time.Minute, "how often to compare what nobody told of")
	flags.DurationVar(&repoErrorGrace, "repo-error-grace-period", 3*time.Minute, "how long a repository may fail before it is said")
	flags.StringVar(&cmdutil.LogFormat, "logformat", "text", "json or text")
	flags.StringVar(&cmdutil.LogLevel, "loglevel", "info", "debug, info, warn or error")
	return command
}

func newController(
	ctx context.Context,
	clientConfig clientcmd.ClientConfig,
	cacheSource func() (*appstatecache.Cache, error),
	repoServer, metricsAddress string,
	resync, repoErrorGrace time.Duration,
) (*controller.ApplicationController, error) {
	namespace, _, err := clientConfig.Namespace()
	if err != nil {
		return nil, err
	}
	config, err := clientConfig.ClientConfig()
	if err != nil {
		return nil, err
	}
	if err := v1alpha1.SetK8SConfigDefaults(config); err != nil {
		return nil, err
	}
	config.UserAgent = common.DefaultApplicationControllerName
	kubeClient := kubernetes.NewForConfigOrDie(config)
	cache, err := cacheSource()
	if err != nil {
		return nil, err
	}
	cache.Cache.SetClient(cacheutil.NewTwoLevelClient(cache.Cache.GetClient(), 10*time.Minute))
	var app *controller.ApplicationController
	settingsManager := settings.NewSettingsManager(ctx, kubeClient, namespace, settings.WithRepoOrClusterChangedHandler(func() {
		app.InvalidateProjectsCache()
	}))
	clusterSharding, err := sharding.GetClusterSharding(kubeClient, settingsManager, common.DefaultShardingAlgorithm, false)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(metricsAddress)
	if err != nil {
		return nil, err
	}
	metricsPort, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	// The numbers without a name are the defaults of Argo CD's own command.
	app, err = controller.NewApplicationController(
		namespace,
		settingsManager,
		kubeClient,
		appclientset.NewForConfigOrDie(config),
		repoclient.NewRepoServerClientset(repoServer, 60, repoclient.TLSConfiguration{DisableTLS: true}),
		commitclient.NewCommitServerClientset(common.DefaultCommitServerAddr),
		cache,
		kubeutil.NewKubectl(),
		resync,
		0,
		0,
		0,
		&wait.Backoff{Duration: 2 * time.Second, Factor: 3, Cap: 300 * time.Second},
		330*time.Second,
		0,
		repoErrorGrace,
		metricsPort,
		0,
		nil,
		nil,
		nil,
		4,
		false,
		clusterSharding,
		nil,
		ratelimiter.GetDefaultAppRateLimiterConfig(),
		false,
		false,
		normalizers.IgnoreNormalizerOpts{},
		argo.DefaultEnableEventList(),
		false,
	)
	if err != nil {
		return nil, err
	}
	app.GetMetricsServer().Addr = metricsAddress
	return app, nil
}
