// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

// Manifests checks Kubernetes objects in YAML files against the types of their APIs: each field has to exist, to be given
// once, to have the right type, and to be there if it has to be. It needs no cluster, and fetches no schema. kubectl-validate needs
// neither, but its last version, v0.0.4, knows Kubernetes 1.30 at most and no object of Flux.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	source "github.com/fluxcd/source-controller/api/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	documents "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// known are the objects that the examples have. One of another kind is an error: nothing would be checked of it.
var known = map[string]func() any{
	"v1 Secret":                                  func() any { return &corev1.Secret{} },
	"v1 ServiceAccount":                          func() any { return &corev1.ServiceAccount{} },
	"rbac.authorization.k8s.io/v1 Role":          func() any { return &rbacv1.Role{} },
	"rbac.authorization.k8s.io/v1 RoleBinding":   func() any { return &rbacv1.RoleBinding{} },
	"batch/v1 CronJob":                           func() any { return &batchv1.CronJob{} },
	"source.toolkit.fluxcd.io/v1 GitRepository":  func() any { return &source.GitRepository{} },
	"infra.contrib.fluxcd.io/v1alpha2 Terraform": func() any { return &terraform{} },
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run checks the files, and those in the directories, and says how many objects they have. None at all is an error, as are
// all problems together.
func run(paths []string, out io.Writer) error {
	var problems []error
	objects, files := 0, 0
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error { //nolint:gosec // a directory that it is told to check
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml" {
				return err
			}
			files++
			found, err := checkFile(path)
			objects += found
			if err != nil {
				problems = append(problems, fmt.Errorf("%s:\n%w", path, err))
			}
			return nil
		})
		problems = append(problems, err)
	}
	if objects == 0 {
		problems = append(problems, fmt.Errorf("no object in %v", paths))
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d Kubernetes objects in %d files are what their APIs accept\n", objects, files)
	return err
}

func checkFile(path string) (int, error) {
	data, err := os.ReadFile(path) //nolint:gosec // a file that it is told to check
	if err != nil {
		return 0, err
	}
	reader := documents.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	var problems []error
	for objects := 0; ; objects++ {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects, errors.Join(problems...)
		}
		if err != nil {
			return objects, err
		}
		problems = append(problems, check(document))
	}
}

// check one object.
func check(document []byte) error {
	document, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	var raw map[string]any
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := errors.Join(json.UnmarshalCaseSensitivePreserveInts(document, &raw), json.UnmarshalCaseSensitivePreserveInts(document, &head)); err != nil {
		return err
	}
	kind := head.APIVersion + " " + head.Kind
	build, ok := known[kind]
	if !ok {
		return fmt.Errorf("there is no schema for %q", kind)
	}
	object := build()
	problems, err := json.UnmarshalStrict(document, object)
	if err != nil {
		return err
	}
	for _, problem := range validation.IsDNS1123Subdomain(head.Metadata.Name) {
		problems = append(problems, fmt.Errorf("metadata.name: %s", problem))
	}
	problems = append(problems, walk(object, raw)...)
	if secret, ok := object.(*corev1.Secret); ok {
		problems = append(problems, checkKeys(secret)...)
	}
	return errors.Join(problems...)
}

// checkKeys of a Secret that is written in the clear.
func checkKeys(secret *corev1.Secret) []error {
	var problems []error
	for key := range secret.StringData {
		for _, problem := range validation.IsConfigMapKey(key) {
			problems = append(problems, fmt.Errorf("stringData.%s: %s", key, problem))
		}
	}
	return problems
}
