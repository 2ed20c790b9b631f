// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const deadline = 20 * time.Second

// TestMain lets the test binary be the app, so that signals and exits are tested on a real process.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_DEMO_APP") == "yes" {
		main()
		return
	}
	os.Exit(m.Run())
}

type process struct {
	command   *exec.Cmd
	app       string
	admin     string
	exited    chan error
	transport *http.Transport
}

func start(t *testing.T, env ...string) *process {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "BE_THE_DEMO_APP=yes", "LISTEN=127.0.0.1:0", "ADMIN_LISTEN=127.0.0.1:0")
	command.Env = append(command.Env, env...)
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{command: command, exited: make(chan error, 1), transport: &http.Transport{DisableKeepAlives: true}}
	lines := bufio.NewScanner(stdout)
	for (p.app == "" || p.admin == "") && lines.Scan() {
		var line struct{ Port, Address string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("log line %q: %v", lines.Text(), err)
		}
		switch line.Port {
		case "app":
			p.app = "http://" + line.Address
		case "admin":
			p.admin = "http://" + line.Address
		}
	}
	go func() {
		for lines.Scan() {
			continue
		}
		p.exited <- command.Wait()
	}()
	t.Cleanup(func() { _ = command.Process.Kill() })
	return p
}

func (p *process) request(method, url string) (*http.Response, error) {
	request, err := http.NewRequest(method, url, strings.NewReader("x"))
	if err != nil {
		return nil, err
	}
	request.GetBody = nil
	return p.transport.RoundTrip(request)
}

func (p *process) code(t *testing.T, method, url string) int {
	t.Helper()
	response, err := p.request(method, url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func (p *process) waitForHealth(t *testing.T, want int) {
	t.Helper()
	for until := time.Now().Add(deadline); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if p.code(t, "GET", p.app+"/healthz") == want {
			return
		}
	}
	t.Fatalf("health was never %d", want)
}

func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

func (p *process) waitForExit(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.exited:
		return err
	case <-time.After(deadline):
		t.Fatal("still running")
		return nil
	}
}

type answer struct {
	code int
	err  error
}

// inFlight sends a request and returns once the app has begun to work on it.
func (p *process) inFlight(t *testing.T) <-chan answer {
	t.Helper()
	answers := make(chan answer, 1)
	reader, writer := io.Pipe()
	request, err := http.NewRequest("POST", p.app+"/slow", reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Expect", "100-continue")
	go func() {
		transport := &http.Transport{DisableKeepAlives: true, ExpectContinueTimeout: deadline}
		response, err := transport.RoundTrip(request)
		if err != nil {
			answers <- answer{err: err}
			return
		}
		defer response.Body.Close()
		answers <- answer{code: response.StatusCode}
	}()
	// The pipe is read only after "100 Continue", which the server sends when the handler reads the body.
	if _, err := writer.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return answers
}

func TestImmediateExitBreaksWhatIsOpen(t *testing.T) {
	p := start(t, "LATENCY_MS=60000", "EXIT=immediate")
	p.waitForHealth(t, 200)
	open := p.inFlight(t)
	p.terminate(t)
	if err := p.waitForExit(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	if got := <-open; got.err == nil {
		t.Errorf("the open request was answered with %d", got.code)
	}
	if _, err := p.request("POST", p.app+"/"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a request after the exit: %v", err)
	}
}

func TestGracefulExitLosesNothing(t *testing.T) {
	p := start(t, "LATENCY_MS=300", "EXIT=graceful", "DRAIN_MS=2000")
	p.waitForHealth(t, 200)
	open := p.inFlight(t)
	p.terminate(t)
	p.waitForHealth(t, 503)
	if got := p.code(t, "POST", p.app+"/"); got != 200 {
		t.Errorf("a request in the drain time got %d", got)
	}
	if got := <-open; got.err != nil || got.code != 200 {
		t.Errorf("the open request got %d, %v", got.code, got.err)
	}
	if err := p.waitForExit(t); err != nil {
		t.Errorf("exit: %v", err)
	}
}

func TestGracefulExitFinishesARequestThatOutlivesTheDrain(t *testing.T) {
	p := start(t, "LATENCY_MS=400", "EXIT=graceful", "DRAIN_MS=1")
	p.waitForHealth(t, 200)
	open := p.inFlight(t)
	p.terminate(t)
	if err := p.waitForExit(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	if got := <-open; got.err != nil || got.code != 200 {
		t.Errorf("the open request got %d, %v", got.code, got.err)
	}
}

func TestReadinessIsDelayed(t *testing.T) {
	begun := time.Now()
	p := start(t, "START_DELAY_MS=400")
	p.waitForHealth(t, 200)
	if took := time.Since(begun); took < 400*time.Millisecond {
		t.Errorf("ready after %s", took)
	}
}

func TestNeverReadyStaysUnreadyAndEndsOnSigterm(t *testing.T) {
	p := start(t, "NEVER_READY=true")
	if got := p.code(t, "GET", p.app+"/healthz"); got != 503 {
		t.Errorf("health: %d", got)
	}
	if got := p.code(t, "POST", p.admin+"/admin?errorRate=0.5"); got != 200 {
		t.Errorf("admin: %d", got)
	}
	p.terminate(t)
	if err := p.waitForExit(t); err != nil {
		t.Errorf("exit: %v", err)
	}
}

func TestSpeaksHTTP2WithoutTLS(t *testing.T) {
	p := start(t)
	p.waitForHealth(t, 200)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	p.transport = &http.Transport{Protocols: protocols}
	defer p.transport.CloseIdleConnections()
	response, err := p.request("POST", p.app+"/shop.Shop/Pay")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.ProtoMajor != 2 || response.StatusCode != 200 {
		t.Errorf("HTTP/%d, status %d", response.ProtoMajor, response.StatusCode)
	}
}

func TestBadConfigurationExitsWith2(t *testing.T) {
	p := start(t, "ERROR_RATE=2")
	var exit *exec.ExitError
	if err := p.waitForExit(t); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("exit: %v", err)
	}
}
