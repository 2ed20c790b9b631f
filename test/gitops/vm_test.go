// SPDX-License-Identifier: Apache-2.0

package gitops

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var got map[string]any
	given := map[string]any{"list": []any{"a", float64(2), true}, "empty": map[string]any{}, "none": nil, "whole": int64(3)}
	script := `table.insert(obj.list, "more"); obj.isNone = obj.none == nil; obj.whole = obj.whole + 1; return obj`
	if err := Run(script, given, &got); err != nil {
		t.Fatal(err)
	}
	if list := got["list"].([]any); len(list) != 4 || list[3] != "more" || got["isNone"] != true || got["whole"] != float64(4) {
		t.Errorf("got %v", got)
	}
	if _, isList := got["empty"].([]any); !isList {
		t.Errorf("an empty table is %v, not a list", got["empty"])
	}
}

// Argo CD opens neither for a script that an admin has configured, so nothing of ours may need them.
func TestRunHasNoOtherLibraries(t *testing.T) {
	for _, library := range []string{"string", "math", "io", "os", "debug"} {
		var got map[string]any
		if err := Run("return { missing = "+library+" == nil }", nil, &got); err != nil || got["missing"] != true {
			t.Errorf("%s: %v, %v", library, got, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	cases := []struct{ script, want string }{
		{"return 1", "the script returned a number, not a table"},
		{"this is no Lua", "parse error"},
		{`error("no", 0)`, "no"},
		{"while true do end", "context deadline exceeded"},
		{"local t = {}; t[1] = t; return t", "what the script returned is no JSON"},
	}
	for _, c := range cases {
		var got map[string]any
		if err := Run(c.script, nil, &got); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.script, err, c.want)
		}
	}
}
