// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const deadline = 20 * time.Second

// TestMain lets the test binary be the generator, so that signals are tested on a real process.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_LOAD_GENERATOR") == "yes" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestRunSendsTheWholeScheduleAndAddsUp(t *testing.T) {
	server := serve(t, func(t turn) bool {
		switch t.number % 3 {
		case 0:
			return say("200 OK", "hi", "X-Version: v1")(t)
		case 1:
			return say("500 Internal Server Error", "no", "X-Version: v2", "X-Demo-Error: deliberate")(t)
		}
		return say("502 Bad Gateway", "")(t)
	})
	options := testOptions(server.url)
	options.Rate, options.Duration, options.Connections = 200, 1500*time.Millisecond, Both
	var out bytes.Buffer
	summary, err := run(options, &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Due != 300 || summary.Sent != 300 || summary.Answered != 300 || server.requests.Load() != 300 {
		t.Errorf("due %d, sent %d, answered %d, seen %d", summary.Due, summary.Sent, summary.Answered, server.requests.Load())
	}
	if sum := summary.OK + summary.AppErrors["v2"] + summary.LostTotal; sum != 300 || summary.LostTotal != summary.Lost.Non2xx {
		t.Errorf("does not add up: %+v", *summary.Tally)
	}
	if fresh := summary.ByConnections[Fresh]; fresh.Sent != 150 || fresh.OK != 150 {
		t.Errorf("fresh connections: %+v", *fresh)
	}
	checkSecondsAddUp(t, out.String(), summary)
}

func checkSecondsAddUp(t *testing.T, text string, summary Summary) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	var sent, ok, lost int
	for i, line := range lines[:len(lines)-1] {
		second := Second{Tally: newTally()}
		if err := json.Unmarshal([]byte(line), &second); err != nil {
			t.Fatal(err)
		}
		if second.Second != i || second.T != summary.StartedAt+int64(i)*1000 {
			t.Errorf("line %d is second %d at %d", i, second.Second, second.T)
		}
		sent, ok, lost = sent+second.Sent, ok+second.OK, lost+second.LostTotal
	}
	if sent != summary.Sent || ok != summary.OK || lost != summary.LostTotal {
		t.Errorf("the seconds hold %d sent, %d ok, %d lost; the summary %+v", sent, ok, lost, *summary.Tally)
	}
}

// Open loop: a server that answers nothing changes neither how many requests are sent nor when.
func TestRunDoesNotWaitForAnswers(t *testing.T) {
	server := serve(t, silent)
	options := testOptions(server.url)
	options.Rate, options.Duration, options.Timeout = 100, 600*time.Millisecond, time.Second
	summary, err := run(options, &bytes.Buffer{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Sent != 60 || summary.Lost.Timeout != 60 || summary.LostTotal != 60 || summary.Answered != 0 {
		t.Fatalf("got %+v", *summary.Tally)
	}
}

func TestRunCountsWhatItCouldNotSend(t *testing.T) {
	server := serve(t, silent)
	options := testOptions(server.url)
	options.Rate, options.Duration, options.Timeout, options.MaxOutstanding = 100, 500*time.Millisecond, 2*time.Second, 5
	summary, err := run(options, &bytes.Buffer{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Due != 50 || summary.Sent != 5 || summary.Lost.Overflow != 45 || summary.Lost.Timeout != 5 || summary.LostTotal != 50 {
		t.Fatalf("got %+v", *summary.Tally)
	}
}

func generator(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), "BE_THE_LOAD_GENERATOR=yes")
	stderr := &bytes.Buffer{}
	command.Stderr = stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return command, stderr
}

func waitForRequests(t *testing.T, server *scripted, n int64) {
	t.Helper()
	for until := time.Now().Add(deadline); server.requests.Load() < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%d requests, want %d", server.requests.Load(), n)
		}
	}
}

func TestProcessEndsCleanly(t *testing.T) {
	cases := []struct {
		name string
		end  func(t *testing.T, command *exec.Cmd, stopFile string)
	}{
		{"SIGTERM", func(_ *testing.T, command *exec.Cmd, _ string) { _ = command.Process.Signal(syscall.SIGTERM) }},
		{"SIGINT", func(_ *testing.T, command *exec.Cmd, _ string) { _ = command.Process.Signal(syscall.SIGINT) }},
		{"stop file", func(t *testing.T, _ *exec.Cmd, stopFile string) {
			if err := os.WriteFile(stopFile, nil, 0o600); err != nil {
				t.Error(err)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			slow := func(t turn) bool {
				time.Sleep(200 * time.Millisecond)
				return say("200 OK", "hi", "X-Version: v1")(t)
			}
			server := serve(t, slow)
			out, stopFile := filepath.Join(t.TempDir(), "load.jsonl"), filepath.Join(t.TempDir(), "stop")
			command, stderr := generator(t, "--url", server.url, "--rate", "50", "--out", out, "--stop-file", stopFile, "--progress")
			waitForRequests(t, server, 5)
			c.end(t, command, stopFile)
			if err := command.Wait(); err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			summary := readSummary(t, out)
			if seen := int(server.requests.Load()); summary.Sent != seen || summary.OK != seen || summary.LostTotal != 0 {
				t.Fatalf("the server saw %d, the summary says %+v", seen, *summary.Tally)
			}
		})
	}
}

func readSummary(t *testing.T, path string) Summary {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	summary := Summary{Tally: newTally()}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &summary); err != nil {
		t.Fatal(err)
	}
	if !summary.Summary {
		t.Fatalf("the last line is no summary: %s", lines[len(lines)-1])
	}
	return summary
}

func TestProcessReportsWrongUse(t *testing.T) {
	cases := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--url", "shop"}, 2, `load: --url must be an http:// address, not "shop"`},
		{[]string{"--url", "http://127.0.0.1:1", "--out", "/nonexistent/out"}, 1, "load: open /nonexistent/out"},
	}
	for _, c := range cases {
		command, stderr := generator(t, c.args...)
		_ = command.Wait()
		if code := command.ProcessState.ExitCode(); code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit %d, %s", c.args, code, stderr)
		}
	}
}
