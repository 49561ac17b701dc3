// SPDX-License-Identifier: Apache-2.0

// Command kserve is KServe's controller manager as its own cmd/manager of v0.20.0 sets it up, with
// two differences: its webhooks listen on loopback only, which has no flag there, and it ends with
// the platform that started it.
package main

import (
	"context"
	"flag"
	"os"

	istio "istio.io/api/networking/v1alpha3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/manager/signals"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/kserve/kserve/pkg/apis/serving/v1alpha1"
	"github.com/kserve/kserve/pkg/apis/serving/v1beta1"
	"github.com/kserve/kserve/pkg/controller/v1alpha1/inferencegraph"
	"github.com/kserve/kserve/pkg/controller/v1alpha1/trainedmodel"
	"github.com/kserve/kserve/pkg/controller/v1alpha1/trainedmodel/reconcilers/modelconfig"
	"github.com/kserve/kserve/pkg/controller/v1beta1/inferenceservice"
	kservescheme "github.com/kserve/kserve/pkg/scheme"
	"github.com/kserve/kserve/pkg/webhook/admission/pod"
	"github.com/kserve/kserve/pkg/webhook/admission/servingruntime"

	"greenroom.local/cluster/lifeline"
)

const loopback = "127.0.0.1"

type options struct {
	metricsAddress string
	probeAddress   string
	webhookPort    int
	certificates   string
}

func readOptions() options {
	var read options
	log := zap.Options{}
	flag.StringVar(&read.metricsAddress, "metrics-addr", loopback+":8080", "Where metrics are served.")
	flag.StringVar(&read.probeAddress, "health-probe-addr", loopback+":8081", "Where /healthz and /readyz are served.")
	flag.IntVar(&read.webhookPort, "webhook-port", 9443, "The loopback port of the webhooks.")
	flag.StringVar(&read.certificates, "webhook-cert-dir", "", "Holds tls.crt and tls.key of the webhooks.")
	log.BindFlags(flag.CommandLine)
	flag.Parse()
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&log)))
	return read
}

func main() {
	// An existing cluster may have fields that Istio has deprecated since.
	istio.VirtualServiceUnmarshaler.AllowUnknownFields = true
	istio.GatewayUnmarshaler.AllowUnknownFields = true
	lifeline.Watch()
	setup := ctrl.Log.WithName("setup")
	if err := run(readOptions()); err != nil {
		setup.Error(err, "the manager cannot run")
		os.Exit(1)
	}
}

func run(options options) error {
	cfg, err := config.GetConfig()
	if err != nil {
		return err
	}
	clients, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	cache, err := inferenceservice.NewCacheOptions()
	if err != nil {
		return err
	}
	mgr, err := manager.New(cfg, manager.Options{
		Metrics:                metricsserver.Options{BindAddress: options.metricsAddress},
		HealthProbeBindAddress: options.probeAddress,
		WebhookServer: webhook.NewServer(webhook.Options{
			Host:    loopback,
			Port:    options.webhookPort,
			CertDir: options.certificates,
		}),
		Cache: cache,
	})
	if err != nil {
		return err
	}
	if err := kservescheme.AddAll(mgr.GetScheme()); err != nil {
		return err
	}
	if err := addControllers(mgr, clients); err != nil {
		return err
	}
	if err := addWebhooks(mgr, clients); err != nil {
		return err
	}
	started := mgr.GetWebhookServer().StartedChecker()
	if err := mgr.AddHealthzCheck("healthz", started); err != nil {
		return err
	}
	if err := mgr.AddReadyzCheck("readyz", started); err != nil {
		return err
	}
	return mgr.Start(signals.SetupSignalHandler())
}

func addControllers(mgr manager.Manager, clients *kubernetes.Clientset) error {
	configMap, err := v1beta1.GetInferenceServiceConfigMap(context.Background(), clients)
	if err != nil {
		return err
	}
	deploy, err := v1beta1.NewDeployConfig(configMap)
	if err != nil {
		return err
	}
	ingress, err := v1beta1.NewIngressConfig(configMap)
	if err != nil {
		return err
	}
	// Reads the kinds of accelerators as a side effect.
	if _, err := v1beta1.NewMultiNodeConfig(configMap); err != nil {
		return err
	}
	events := record.NewBroadcaster()
	events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: clients.CoreV1().Events("")})
	recorder := func(component string) record.EventRecorder {
		return events.NewRecorder(mgr.GetScheme(), corev1.EventSource{Component: component})
	}
	if err := (&inferenceservice.InferenceServiceReconciler{
		Client:    mgr.GetClient(),
		Clientset: clients,
		Log:       ctrl.Log.WithName("v1beta1Controllers").WithName("InferenceService"),
		Scheme:    mgr.GetScheme(),
		Recorder:  recorder("v1beta1Controllers"),
	}).SetupWithManager(mgr, deploy, ingress); err != nil {
		return err
	}
	if err := (&trainedmodel.TrainedModelReconciler{
		Client:                mgr.GetClient(),
		Log:                   ctrl.Log.WithName("v1beta1Controllers").WithName("TrainedModel"),
		Scheme:                mgr.GetScheme(),
		Recorder:              recorder("v1beta1Controllers"),
		ModelConfigReconciler: modelconfig.NewModelConfigReconciler(mgr.GetClient(), clients, mgr.GetScheme()),
	}).SetupWithManager(mgr); err != nil {
		return err
	}
	return (&inferencegraph.InferenceGraphReconciler{
		Client:    mgr.GetClient(),
		Clientset: clients,
		Log:       ctrl.Log.WithName("v1alpha1Controllers").WithName("InferenceGraph"),
		Scheme:    mgr.GetScheme(),
		Recorder:  recorder("InferenceGraphController"),
	}).SetupWithManager(mgr, deploy)
}

func addWebhooks(mgr manager.Manager, clients *kubernetes.Clientset) error {
	decoder := admission.NewDecoder(mgr.GetScheme())
	server := mgr.GetWebhookServer()
	server.Register("/mutate-pods", &webhook.Admission{
		Handler: &pod.Mutator{Client: mgr.GetClient(), Clientset: clients, Decoder: decoder},
	})
	server.Register("/validate-serving-kserve-io-v1alpha1-clusterservingruntime", &webhook.Admission{
		Handler: &servingruntime.ClusterServingRuntimeValidator{Client: mgr.GetClient(), Decoder: decoder},
	})
	server.Register("/validate-serving-kserve-io-v1alpha1-servingruntime", &webhook.Admission{
		Handler: &servingruntime.ServingRuntimeValidator{Client: mgr.GetClient(), Decoder: decoder},
	})
	if err := ctrl.NewWebhookManagedBy(mgr).
		For(&v1alpha1.TrainedModel{}).
		WithValidator(&v1alpha1.TrainedModelValidator{}).
		Complete(); err != nil {
		return err
	}
	if err := ctrl.NewWebhookManagedBy(mgr).
		For(&v1alpha1.InferenceGraph{}).
		WithValidator(&v1alpha1.InferenceGraphValidator{}).
		Complete(); err != nil {
		return err
	}
	return ctrl.NewWebhookManagedBy(mgr).
		For(&v1beta1.InferenceService{}).
		WithDefaulter(&v1beta1.InferenceServiceDefaulter{}).
		WithValidator(&v1beta1.InferenceServiceValidator{}).
		Complete()
}
