// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
)

func TestKstatusIsThatOfTheContract(t *testing.T) {
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if got := compute(t, c.Object); got.Status.String() != c.Kstatus {
				t.Errorf("got %s (%s), want %s of %v", got.Status, got.Message, c.Kstatus, c.Object["status"])
			}
		})
	}
}

// Kinds without a status are Current as soon as they are there, so that nothing waits for them.
func TestKstatusOfKindsWithoutAStatus(t *testing.T) {
	for _, kind := range []string{"AnalysisTemplate", "MetricsProvider"} {
		object := map[string]any{
			"apiVersion": "headway.dev/v1alpha1",
			"kind":       kind,
			"metadata":   map[string]any{"name": "any", "generation": 1},
			"spec":       map[string]any{},
		}
		if got := compute(t, object); got.Status != status.CurrentStatus {
			t.Errorf("%s: got %s (%s)", kind, got.Status, got.Message)
		}
	}
}

// compute goes by the JSON of the object, because whole numbers are whole there.
func compute(t *testing.T, object map[string]any) *status.Result {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]any{}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	result, err := status.Compute(&unstructured.Unstructured{Object: read})
	if err != nil {
		t.Fatal(err)
	}
	return result
}
