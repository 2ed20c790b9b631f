// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"time"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestParseConfig(t *testing.T) {
	defaults := Config{
		Version: "v1", Latency: 100 * time.Millisecond, Exit: ExitImmediate, Drain: 5 * time.Second,
		Listen: ":8080", AdminListen: ":8081",
	}
	cases := []struct {
		name string
		args []string
		env  map[string]string
		want func(*Config)
	}{
		{"defaults", nil, nil, func(*Config) {}},
		{"an empty variable counts as not set", nil, map[string]string{"ERROR_RATE": ""}, func(*Config) {}},
		{
			"environment",
			nil,
			map[string]string{
				"VERSION": "v2", "ERROR_RATE": "0.25", "LATENCY_MS": "40", "CPU_MS": "3", "START_DELAY_MS": "1500",
				"NEVER_READY": "true", "EXIT": "graceful", "DRAIN_MS": "700",
			},
			func(c *Config) {
				c.Version, c.ErrorRate, c.NeverReady, c.Exit = "v2", 0.25, true, ExitGraceful
				c.Latency, c.StartDelay, c.Drain = 40*time.Millisecond, 1500*time.Millisecond, 700*time.Millisecond
				c.CPU = 3 * time.Millisecond
			},
		},
		{
			"a flag beats its variable",
			[]string{"--version=v3", "--listen=127.0.0.1:0"},
			map[string]string{"VERSION": "v2"},
			func(c *Config) { c.Version, c.Listen = "v3", "127.0.0.1:0" },
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := defaults
			c.want(&want)
			got, err := parseConfig(c.args, environment(c.env))
			if err != nil || got != want {
				t.Fatalf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestParseConfigRefuses(t *testing.T) {
	cases := []struct {
		name string
		args []string
		env  map[string]string
		want []string
	}{
		{"every bad variable at once", nil, map[string]string{"ERROR_RATE": "much", "LATENCY_MS": "1s"}, []string{`ERROR_RATE="much"`, `LATENCY_MS="1s"`}},
		{"a rate above one", nil, map[string]string{"ERROR_RATE": "1.5"}, []string{"error rate must be between 0 and 1, not 1.5"}},
		{"a rate that is no number", []string{"--error-rate=NaN"}, nil, []string{"error rate must be between 0 and 1, not NaN"}},
		{"an unknown way to end", nil, map[string]string{"EXIT": "slowly"}, []string{`exit must be immediate or graceful, not "slowly"`}},
		{"negative time", []string{"--drain-ms=-1"}, nil, []string{"must not be negative"}},
		{"negative processor time", []string{"--cpu-ms=-1"}, nil, []string{"must not be negative"}},
		{"no version", []string{"--version="}, nil, []string{"version must not be empty"}},
		{"an unknown flag", []string{"--verson=v2"}, nil, []string{"verson"}},
		{"a stray argument", []string{"v2"}, nil, []string{`unexpected argument "v2"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseConfig(c.args, environment(c.env))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q lacks %q", err, part)
				}
			}
		})
	}
}
