// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

// The two files of tests as Argo CD reads them (util/lua of its repository).
type healthTests struct {
	Tests []struct {
		InputPath    string `json:"inputPath"`
		HealthStatus health `json:"healthStatus"`
	} `json:"tests"`
}

type actionTests struct {
	DiscoveryTests []struct {
		InputPath string `json:"inputPath"`
		Result    []struct {
			Name        string `json:"name"`
			Disabled    bool   `json:"disabled"`
			DisplayName string `json:"displayName"`
		} `json:"result"`
	} `json:"discoveryTests"`
	ActionTests []struct {
		Action             string `json:"action"`
		InputPath          string `json:"inputPath"`
		ExpectedOutputPath string `json:"expectedOutputPath"`
	} `json:"actionTests"`
}

func read(t *testing.T, into any, path ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{customizations}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		t.Fatal(path, err)
	}
}

func object(t *testing.T, path ...string) map[string]any {
	t.Helper()
	read := map[string]any{}
	text, err := os.ReadFile(filepath.Join(append([]string{customizations}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(path, err)
	}
	return read
}

func TestHealthOfTheExamples(t *testing.T) {
	for _, kind := range kinds {
		var file healthTests
		read(t, &file, kind, "health_test.yaml")
		if len(file.Tests) < 10 {
			t.Errorf("%s: only %d tests", kind, len(file.Tests))
		}
		for _, c := range file.Tests {
			if got := healthOf(t, kind, object(t, kind, c.InputPath)); got != c.HealthStatus {
				t.Errorf("%s %s: got %+v, want %+v", kind, c.InputPath, got, c.HealthStatus)
			}
		}
	}
}

func TestDiscoveryInTheExamples(t *testing.T) {
	for _, kind := range kinds {
		var file actionTests
		read(t, &file, kind, "actions", "action_test.yaml")
		for _, c := range file.DiscoveryTests {
			got := actionsOf(t, kind, object(t, kind, "actions", c.InputPath))
			for _, want := range c.Result {
				if one := got[want.Name]; one != (action{want.Disabled, want.DisplayName}) {
					t.Errorf("%s %s: %s: got %+v, want %+v", kind, c.InputPath, want.Name, one, want)
				}
			}
			if len(got) != len(c.Result) || len(got) == 0 {
				t.Errorf("%s %s: got %v", kind, c.InputPath, got)
			}
		}
	}
}

func TestActionsInTheExamples(t *testing.T) {
	for _, kind := range kinds {
		var file actionTests
		read(t, &file, kind, "actions", "action_test.yaml")
		tried := map[string]bool{}
		for _, c := range file.ActionTests {
			tried[c.Action] = true
			var got map[string]any
			input := object(t, kind, "actions", c.InputPath)
			if err := Run(script(t, kind, "actions", c.Action, "action.lua"), input, &got); err != nil {
				t.Errorf("%s %s: %v", kind, c.Action, err)
				continue
			}
			if problem := differs(object(t, kind, "actions", c.ExpectedOutputPath), got); problem != "" {
				t.Errorf("%s %s of %s: %s", kind, c.Action, c.InputPath, problem)
			}
		}
		if len(tried) != len(verbsOf(t, kind)) {
			t.Errorf("%s: of %v only %v are tried", kind, verbsOf(t, kind), tried)
		}
	}
}
