// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"testing"
)

type health struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func healthOf(t *testing.T, kind string, object map[string]any) health {
	t.Helper()
	var got health
	if err := Run(script(t, kind, "health.lua"), object, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestHealthIsThatOfTheContract(t *testing.T) {
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if got, want := healthOf(t, c.kind(), c.Object), (health{c.Health, c.Message}); got != want {
				t.Errorf("got %+v\nwant %+v\nof %v", got, want, c.Object["status"])
			}
		})
	}
}

// Whatever an object says of one generation, it is no verdict on the next.
func TestHealthIsProgressingOnceTheSpecHasChanged(t *testing.T) {
	for _, c := range cases {
		metadata := c.Object["metadata"].(map[string]any)
		changed := with(c.Object, "metadata", with(metadata, "generation", metadata["generation"].(float64)+1))
		if got := healthOf(t, c.kind(), changed); got.Status != "Progressing" {
			t.Errorf("%s: got %+v", c.Name, got)
		}
	}
}

// A cluster whose CRD is older gives no status to a new object.
func TestHealthOfAnObjectWithoutAStatus(t *testing.T) {
	object := map[string]any{"metadata": map[string]any{"generation": float64(1)}}
	want := health{"Progressing", "no operator has looked at generation 1 yet"}
	for _, kind := range kinds {
		if got := healthOf(t, kind, object); got != want {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
}

func TestHealthSaysTheVerdictSentence(t *testing.T) {
	seen := 0
	for _, c := range cases {
		status, _ := c.Object["status"].(map[string]any)
		if status["phase"] != "RolledBack" || c.Health != "Degraded" {
			continue
		}
		seen++
		failure, _ := status["failure"].(map[string]any)
		verdict, _ := failure["message"].(string)
		if got := healthOf(t, c.kind(), c.Object).Message; verdict == "" || len(got) < len(verdict) || got[:len(verdict)] != verdict {
			t.Errorf("%s: %q does not begin with the verdict %q", c.Name, got, verdict)
		}
	}
	if seen < 4 {
		t.Errorf("only %d objects were rolled back", seen)
	}
}

func with(object map[string]any, key string, value any) map[string]any {
	changed := make(map[string]any, len(object))
	for name, item := range object {
		changed[name] = item
	}
	changed[key] = value
	return changed
}
