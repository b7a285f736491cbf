// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/fluxcd/pkg/apis/meta"
	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The object of tofu-controller, infra.contrib.fluxcd.io/v1alpha2, after its API reference (docs/References/terraform.md
// of flux-iac/tofu-controller): its fields, their types, and what they accept. Its own Go types are in no release of a
// module. A field without omitempty is required; status is what the controller writes, and has no place in a manifest.
type terraform struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              terraformSpec `json:"spec"`
}

type terraformSpec struct {
	// Where the configuration is.
	SourceRef   sourceRef     `json:"sourceRef"`
	Path        string        `json:"path,omitempty"`
	Workspace   string        `json:"workspace,omitempty"`
	Cloud       *cloud        `json:"cloud,omitempty"`
	Targets     []string      `json:"targets,omitempty"`
	DependsOn   []dependency  `json:"dependsOn,omitempty"`
	FileMapping []fileMapping `json:"fileMappings,omitempty"`

	// What it is given.
	Vars                  []variable          `json:"vars,omitempty"`
	VarsFrom              []keysOf            `json:"varsFrom,omitempty"`
	Values                *apiextensions.JSON `json:"values,omitempty"`
	TfVarsFiles           []string            `json:"tfVarsFiles,omitempty"`
	ReadInputsFromSecrets []inputs            `json:"readInputsFromSecrets,omitempty"`

	// When it runs, and what it may do.
	Interval                   metav1.Duration  `json:"interval"`
	RetryInterval              *metav1.Duration `json:"retryInterval,omitempty"`
	RetryStrategy              string           `json:"retryStrategy,omitempty" oneof:"StaticInterval ExponentialBackoff"`
	MaxRetryInterval           *metav1.Duration `json:"maxRetryInterval,omitempty"`
	Remediation                *remediation     `json:"remediation,omitempty"`
	ApprovePlan                string           `json:"approvePlan,omitempty"`
	PlanOnly                   bool             `json:"planOnly,omitempty"`
	Plan                       *planOptions     `json:"plan,omitempty"`
	StoreReadablePlan          string           `json:"storeReadablePlan,omitempty" oneof:"none json human"`
	RefreshBeforeApply         bool             `json:"refreshBeforeApply,omitempty"`
	DisableDriftDetection      bool             `json:"disableDriftDetection,omitempty"`
	Parallelism                int32            `json:"parallelism,omitempty"`
	Suspend                    bool             `json:"suspend,omitempty"`
	Force                      bool             `json:"force,omitempty"`
	Destroy                    bool             `json:"destroy,omitempty"`
	DestroyResourcesOnDeletion bool             `json:"destroyResourcesOnDeletion,omitempty"`
	BreakTheGlass              bool             `json:"breakTheGlass,omitempty"`
	BranchPlanner              *branchPlanner   `json:"branchPlanner,omitempty"`

	// Where the state is.
	BackendConfig      *backend                `json:"backendConfig,omitempty"`
	BackendConfigsFrom []backendKeysOf         `json:"backendConfigsFrom,omitempty"`
	TFState            *stateLock              `json:"tfstate,omitempty"`
	CliConfigSecretRef *corev1.SecretReference `json:"cliConfigSecretRef,omitempty"`
	UpgradeOnInit      *bool                   `json:"upgradeOnInit,omitempty"`

	// What runs it.
	ServiceAccountName                  string     `json:"serviceAccountName,omitempty"`
	RunnerPodTemplate                   *runnerPod `json:"runnerPodTemplate,omitempty"`
	RunnerTerminationGracePeriodSeconds *int64     `json:"runnerTerminationGracePeriodSeconds,omitempty"`
	AlwaysCleanupRunnerPod              *bool      `json:"alwaysCleanupRunnerPod,omitempty"`

	// What comes of it.
	WriteOutputsToSecret *outputs            `json:"writeOutputsToSecret,omitempty"`
	EnableInventory      bool                `json:"enableInventory,omitempty"`
	HealthChecks         []healthCheck       `json:"healthChecks,omitempty"`
	Webhooks             []webhook           `json:"webhooks,omitempty"`
	Enterprise           *apiextensions.JSON `json:"enterprise,omitempty"`
}

type sourceRef struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind" oneof:"GitRepository Bucket OCIRepository"`
	Name       string `json:"name"`
	Namespace  string `json:"namespace,omitempty"`
}

type dependency struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
}

type cloud struct {
	Organization string          `json:"organization"`
	Workspaces   cloudWorkspaces `json:"workspaces"`
	Hostname     string          `json:"hostname,omitempty"`
	Token        string          `json:"token,omitempty"`
}

type cloudWorkspaces struct {
	Name string   `json:"name,omitempty"`
	Tags []string `json:"tags,omitempty"`
}

type fileMapping struct {
	SecretRef meta.SecretKeyReference `json:"secretRef"`
	Location  string                  `json:"location" oneof:"home workspace"`
	Path      string                  `json:"path"`
}

type variable struct {
	Name      string               `json:"name"`
	Value     *apiextensions.JSON  `json:"value,omitempty"`
	ValueFrom *corev1.EnvVarSource `json:"valueFrom,omitempty"`
}

type keysOf struct {
	Kind     string   `json:"kind" oneof:"Secret ConfigMap"`
	Name     string   `json:"name"`
	VarsKeys []string `json:"varsKeys,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

type inputs struct {
	Name string `json:"name"`
	As   string `json:"as"`
}

type remediation struct {
	Retries int64 `json:"retries,omitempty"`
}

type planOptions struct {
	Lock *bool `json:"lock,omitempty"`
}

type branchPlanner struct {
	EnablePathScope bool `json:"enablePathScope,omitempty"`
}

type backend struct {
	Disable             bool              `json:"disable,omitempty"`
	SecretSuffix        string            `json:"secretSuffix,omitempty"`
	InClusterConfig     bool              `json:"inClusterConfig,omitempty"`
	CustomConfiguration string            `json:"customConfiguration,omitempty"`
	ConfigPath          string            `json:"configPath,omitempty"`
	Labels              map[string]string `json:"labels,omitempty"`
}

type backendKeysOf struct {
	Kind     string   `json:"kind" oneof:"Secret ConfigMap"`
	Name     string   `json:"name"`
	Keys     []string `json:"keys,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

type stateLock struct {
	ForceUnlock    string           `json:"forceUnlock,omitempty" oneof:"yes no auto"`
	LockIdentifier string           `json:"lockIdentifier,omitempty"`
	LockTimeout    *metav1.Duration `json:"lockTimeout,omitempty"`
}

type runnerPod struct {
	Metadata *runnerPodMetadata `json:"metadata,omitempty"`
	Spec     *runnerPodSpec     `json:"spec,omitempty"`
}

type runnerPodMetadata struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type runnerPodSpec struct {
	Image             string                       `json:"image,omitempty"`
	ImagePullPolicy   string                       `json:"imagePullPolicy,omitempty" oneof:"Always IfNotPresent Never"`
	EnvFrom           []corev1.EnvFromSource       `json:"envFrom,omitempty"`
	Env               []corev1.EnvVar              `json:"env,omitempty"`
	NodeSelector      map[string]string            `json:"nodeSelector,omitempty"`
	Affinity          *corev1.Affinity             `json:"affinity,omitempty"`
	Tolerations       []corev1.Toleration          `json:"tolerations,omitempty"`
	VolumeMounts      []corev1.VolumeMount         `json:"volumeMounts,omitempty"`
	Volumes           []corev1.Volume              `json:"volumes,omitempty"`
	InitContainers    []corev1.Container           `json:"initContainers,omitempty"`
	HostAliases       []corev1.HostAlias           `json:"hostAliases,omitempty"`
	PriorityClassName string                       `json:"priorityClassName,omitempty"`
	SecurityContext   *corev1.SecurityContext      `json:"securityContext,omitempty"`
	Resources         *corev1.ResourceRequirements `json:"resources,omitempty"`
}

type outputs struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Outputs     []string          `json:"outputs,omitempty"`
}

type healthCheck struct {
	Name    string           `json:"name"`
	Type    string           `json:"type" oneof:"tcp http"`
	URL     string           `json:"url,omitempty"`
	Address string           `json:"address,omitempty"`
	Timeout *metav1.Duration `json:"timeout,omitempty"`
}

type webhook struct {
	Stage                string `json:"stage" oneof:"post-planning"`
	Enabled              *bool  `json:"enabled,omitempty"`
	URL                  string `json:"url"`
	PayloadType          string `json:"payloadType,omitempty" oneof:"SpecAndPlan SpecOnly PlanOnly"`
	ErrorMessageTemplate string `json:"errorMessageTemplate,omitempty"`
	TestExpression       string `json:"testExpression"`
}

// interval is what the CRDs of Flux accept of a duration: Go's has smaller units and signs besides.
var interval = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)

// oneOf reports whether a value is among those that a field's tag lists.
func oneOf(value any, accepted []string) error {
	if text, ok := value.(string); !ok || !slices.Contains(accepted, text) {
		return fmt.Errorf("%v is none of %v", value, accepted)
	}
	return nil
}
