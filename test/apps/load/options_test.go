// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestParseOptions(t *testing.T) {
	got, err := parseOptions(strings.Fields(
		"--url http://198.18.0.1:8000/ --host shop.example --rate 150 --duration 60s --connections both --out f.jsonl --stop-file s --progress"), io.Discard)
	want := Options{
		URL: "http://198.18.0.1:8000/", Host: "shop.example", Rate: 150, Duration: time.Minute, Connections: Both,
		Timeout: 10 * time.Second, MaxOutstanding: 1800, Out: "f.jsonl", StopFile: "s", Progress: true,
	}
	if err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
	defaults, err := parseOptions([]string{"--url=http://a", "--rate=1"}, io.Discard)
	if err != nil || defaults.MaxOutstanding != 100 || defaults.Connections != KeepAlive || defaults.Out != "-" {
		t.Fatalf("defaults %+v, %v", defaults, err)
	}
}

func TestParseOptionsRefuses(t *testing.T) {
	cases := []struct{ args, want string }{
		{"", `--url must be an http:// address, not ""`},
		{"--url https://a", `--url must be an http:// address, not "https://a"`},
		{"--url http://a --rate 0", "--rate must be above 0 and at most 100000, not 0"},
		{"--url http://a --rate NaN", "--rate must be above 0 and at most 100000, not NaN"},
		{"--url http://a --connections some", `--connections must be keepalive, fresh or both, not "some"`},
		{"--url http://a --timeout 0s", "--timeout must be above 0"},
		{"--url http://a --duration 60", "invalid value"},
		{"--url http://a extra", `unexpected argument "extra"`},
	}
	for _, c := range cases {
		if _, err := parseOptions(strings.Fields(c.args), io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}
