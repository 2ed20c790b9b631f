// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A Case is an object as Headway leaves it, and what is to be made of it by docs/spec/canary.md.
type Case struct {
	Name    string `json:"name"`
	Health  string `json:"health"`
	Message string `json:"message"`
	Kstatus string `json:"kstatus"`
	// The verbs that are allowed, with the annotation by which each is asked for.
	Requests map[string]string `json:"requests"`
	Object   map[string]any    `json:"object"`
}

var cases []Case

// The objects are made anew for each run: by the engine, and by the controllers in random stories.
func TestMain(m *testing.M) {
	made, err := makeCases()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cases = made
	os.Exit(m.Run())
}

func makeCases() ([]Case, error) {
	node := exec.Command("node", "main.ts")
	var complaints bytes.Buffer
	node.Stderr = &complaints
	output, err := node.Output()
	if err != nil {
		return nil, fmt.Errorf("node main.ts, with the Node of node_modules/.bin first on PATH: %w\n%s", err, complaints.Bytes())
	}
	var made []Case
	for line := range bytes.Lines(output) {
		var one Case
		if err := json.Unmarshal(line, &one); err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		made = append(made, one)
	}
	if len(made) < 60 {
		return nil, fmt.Errorf("node main.ts printed %d objects; there are more states than that", len(made))
	}
	return made, nil
}

func (c Case) kind() string {
	kind, _ := c.Object["kind"].(string)
	return kind
}

const customizations = "../../deploy/argocd/resource_customizations/headway.dev"

var kinds = []string{"Canary", "BlueGreen"}

func script(t *testing.T, kind string, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{customizations, kind}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
