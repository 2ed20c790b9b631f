// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

type action struct {
	Disabled    bool   `json:"disabled"`
	DisplayName string `json:"displayName"`
}

func actionsOf(t *testing.T, kind string, object map[string]any) map[string]action {
	t.Helper()
	var got map[string]action
	if err := Run(script(t, kind, "actions", "discovery.lua"), object, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func verbsOf(t *testing.T, kind string) []string {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join(customizations, kind, "actions", "*", "action.lua"))
	if err != nil || len(scripts) == 0 {
		t.Fatal("there is no script of an action", err)
	}
	verbs := make([]string, 0, len(scripts))
	for _, path := range scripts {
		verbs = append(verbs, filepath.Base(filepath.Dir(path)))
	}
	return verbs
}

func TestActionsAreThoseThatAreAllowed(t *testing.T) {
	for _, c := range cases {
		actions := actionsOf(t, c.kind(), c.Object)
		for _, verb := range verbsOf(t, c.kind()) {
			if got, known := actions[verb]; !known || got.Disabled == c.allows(verb) {
				t.Errorf("%s: %s is %+v, allowed are %v", c.Name, verb, got, c.Requests)
			}
		}
		if len(actions) != len(verbsOf(t, c.kind())) {
			t.Errorf("%s: there are no scripts for some of %v", c.Name, actions)
		}
	}
}

// What is allowed changes one annotation and nothing else; what is not says what is.
func TestActionsWriteTheAnnotation(t *testing.T) {
	asked := map[string]int{}
	for _, c := range cases {
		for _, verb := range verbsOf(t, c.kind()) {
			var got map[string]any
			err := Run(script(t, c.kind(), "actions", verb, "action.lua"), c.Object, &got)
			if !c.allows(verb) {
				if err == nil || !strings.Contains(err.Error(), verb+" does not fit now; ") {
					t.Errorf("%s: %s: %v", c.Name, verb, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %s: %v", c.Name, verb, err)
				continue
			}
			asked[verb]++
			if request := annotationOf(got, "headway.dev/action"); request != c.Requests[verb] {
				t.Errorf("%s: %s asks for %q, not for %q", c.Name, verb, request, c.Requests[verb])
			}
			if problem := differs(withoutAnnotations(c.Object), withoutAnnotations(got)); problem != "" {
				t.Errorf("%s: %s changes %s", c.Name, verb, problem)
			}
		}
	}
	for _, kind := range kinds {
		for _, verb := range verbsOf(t, kind) {
			if asked[verb] == 0 {
				t.Errorf("%s was never allowed, so it was not tried", verb)
			}
		}
	}
}

// Kept annotations stay: Argo CD makes a patch of what differs.
func TestActionsKeepAnnotations(t *testing.T) {
	for _, c := range cases {
		for verb := range c.Requests {
			metadata := with(c.Object["metadata"].(map[string]any), "annotations", map[string]any{"team": "shop"})
			var got map[string]any
			text := script(t, c.kind(), "actions", verb, "action.lua")
			if err := Run(text, with(c.Object, "metadata", metadata), &got); err != nil {
				t.Fatal(err)
			}
			if annotationOf(got, "team") != "shop" || annotationOf(got, "headway.dev/action") == "" {
				t.Errorf("%s: %v", c.Name, got["metadata"])
			}
		}
	}
}

// The rule of docs/spec/canary.md, "Asking for something", also where no story leads.
func TestRevisionOfARequest(t *testing.T) {
	status := func(stage string, more map[string]any) map[string]any {
		allowed := map[string]any{"stage": stage, "allowedActions": []any{"promote", "rollback"}}
		for key, value := range more {
			allowed[key] = value
		}
		return allowed
	}
	aaa, bbb := map[string]any{"revision": "aaa"}, map[string]any{"revision": "bbb"}
	cases := []struct {
		verb   string
		status map[string]any
		want   string
	}{
		{"promote", status("Stepping", map[string]any{"stable": aaa, "canary": bbb}), "promote/bbb/argocd-7"},
		{"promote", status("Baking", map[string]any{"stable": aaa, "canary": bbb}), "promote/aaa/argocd-7"},
		{"promote", status("Idle", map[string]any{"stable": aaa}), "promote/aaa/argocd-7"},
		{"promote", status("Stepping", map[string]any{"active": aaa, "preview": bbb}), "promote/bbb/argocd-7"},
		{"promote", status("Baking", map[string]any{"active": aaa, "preview": bbb}), "promote/aaa/argocd-7"},
		{"rollback", status("Idle", map[string]any{"stable": bbb, "previous": []any{aaa}}), "rollback/aaa/argocd-7"},
	}
	for _, c := range cases {
		object := map[string]any{"metadata": map[string]any{"resourceVersion": "7"}, "status": c.status}
		var got map[string]any
		if err := Run(script(t, "BlueGreen", "actions", c.verb, "action.lua"), object, &got); err != nil {
			t.Fatal(err)
		}
		if request := annotationOf(got, "headway.dev/action"); request != c.want {
			t.Errorf("%v: got %s, want %s", c.status, request, c.want)
		}
	}
}

func (c Case) allows(verb string) bool {
	_, allowed := c.Requests[verb]
	return allowed
}

func annotationOf(object map[string]any, key string) string {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	value, _ := annotations[key].(string)
	return value
}

func withoutAnnotations(object map[string]any) map[string]any {
	metadata, _ := object["metadata"].(map[string]any)
	kept := with(metadata, "annotations", nil)
	delete(kept, "annotations")
	return with(object, "metadata", kept)
}

// differs says where two objects differ, but for empty maps: to Lua they are lists, which Argo CD puts right.
func differs(one, other any) string {
	if isEmpty(one) && isEmpty(other) {
		return ""
	}
	switch one := one.(type) {
	case map[string]any:
		other, _ := other.(map[string]any)
		for key := range with(one, "", nil) {
			if problem := differs(one[key], other[key]); problem != "" {
				return key + "." + problem
			}
		}
		for key := range other {
			if _, known := one[key]; !known {
				return key
			}
		}
		return ""
	case []any:
		other, _ := other.([]any)
		if len(one) != len(other) {
			return "length"
		}
		for i := range one {
			if problem := differs(one[i], other[i]); problem != "" {
				return problem
			}
		}
		return ""
	}
	if reflect.DeepEqual(one, other) {
		return ""
	}
	text, _ := json.Marshal([]any{one, other})
	return string(text)
}

func isEmpty(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}
	return false
}
