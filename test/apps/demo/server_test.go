// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func readyApp(config Config) *app {
	app := newApp(config)
	app.started.Store(true)
	return app
}

func send(handler http.Handler, method, target string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, target, strings.NewReader(`{"item":1}`)))
	return recorder
}

func TestAnswersAnyPathWithItsVersion(t *testing.T) {
	handler := readyApp(Config{Version: "v7"}).handler()
	for _, target := range []string{"/", "/cart/1?x=y", "//unclean/../path", "/healthz"} {
		got := send(handler, http.MethodPost, target)
		if got.Code != 200 || got.Header().Get("X-Version") != "v7" || got.Body.String() != "hello from v7\n" {
			t.Errorf("POST %s: %d %v %q", target, got.Code, got.Header(), got.Body)
		}
	}
}

func TestErrorRateIsExact(t *testing.T) {
	cases := []struct {
		rate     float64
		requests int
		errors   int
	}{{0, 50, 0}, {0.1, 50, 5}, {0.25, 40, 10}, {0.3, 100, 30}, {1, 20, 20}}
	for _, c := range cases {
		app := readyApp(Config{Version: "v2", ErrorRate: c.rate})
		failed := 0
		for range c.requests {
			got := send(app.handler(), http.MethodPost, "/")
			deliberate := got.Header().Get("X-Demo-Error") == "deliberate"
			if deliberate != (got.Code == 500) || got.Header().Get("X-Version") != "v2" {
				t.Fatalf("rate %v: %d with headers %v", c.rate, got.Code, got.Header())
			}
			if deliberate {
				failed++
			}
		}
		if failed != c.errors {
			t.Errorf("rate %v: %d of %d failed, want %d", c.rate, failed, c.requests, c.errors)
		}
	}
}

func TestHealth(t *testing.T) {
	cases := []struct {
		name              string
		started, draining bool
		code              int
		body              string
	}{
		{"before it is ready", false, false, 503, "not ready yet\n"},
		{"ready", true, false, 200, "ok\n"},
		{"draining", true, true, 503, "draining\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			app := newApp(Config{Version: "v1"})
			app.started.Store(c.started)
			app.draining.Store(c.draining)
			got := send(app.handler(), http.MethodGet, "/healthz")
			if got.Code != c.code || got.Body.String() != c.body {
				t.Fatalf("%d %q", got.Code, got.Body)
			}
		})
	}
}

func TestTrafficBeforeReadinessIsNoDeliberateError(t *testing.T) {
	got := send(newApp(Config{Version: "v1"}).handler(), http.MethodPost, "/")
	if got.Code != 503 || got.Header().Get("X-Demo-Error") != "" {
		t.Fatalf("%d %v", got.Code, got.Header())
	}
}

func TestDrainingAnswersAndClosesTheConnection(t *testing.T) {
	app := readyApp(Config{Version: "v1"})
	app.draining.Store(true)
	got := send(app.handler(), http.MethodPost, "/")
	if got.Code != 200 || got.Header().Get("Connection") != "close" {
		t.Fatalf("%d %v", got.Code, got.Header())
	}
}

func TestMetricsCountAnswersButNotProbesAndScrapes(t *testing.T) {
	handler := readyApp(Config{Version: "v1", ErrorRate: 0.5}).handler()
	for range 4 {
		send(handler, http.MethodPost, "/")
		send(handler, http.MethodGet, "/healthz")
		send(handler, http.MethodGet, "/metrics")
	}
	got := send(handler, http.MethodGet, "/metrics")
	if kind := got.Header().Get("Content-Type"); kind != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("content type %q", kind)
	}
	for _, line := range []string{
		`http_requests_total{code="200",method="POST",version="v1"} 2`,
		`http_requests_total{code="500",method="POST",version="v1"} 2`,
		`http_request_duration_seconds_count{code="500",method="POST",version="v1"} 2`,
	} {
		if !strings.Contains(got.Body.String(), line+"\n") {
			t.Errorf("no line %s in:\n%s", line, got.Body)
		}
	}
	if strings.Contains(got.Body.String(), `method="GET"`) {
		t.Errorf("probes or scrapes are counted:\n%s", got.Body)
	}
}

func TestClientThatLeavesIsCountedAs499(t *testing.T) {
	app := readyApp(Config{Version: "v1", Latency: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("x"))
	app.handler().ServeHTTP(httptest.NewRecorder(), request)
	if got := rendered(t, app.metrics); !strings.Contains(got, `code="499",method="POST",version="v1"} 1`) {
		t.Fatalf("got:\n%s", got)
	}
}

func TestLatency(t *testing.T) {
	app := readyApp(Config{Version: "v1", Latency: 30 * time.Millisecond})
	begun := time.Now()
	send(app.handler(), http.MethodPost, "/")
	if took := time.Since(begun); took < 30*time.Millisecond {
		t.Fatalf("answered after %s", took)
	}
}

func TestAdmin(t *testing.T) {
	app := readyApp(Config{Version: "v1", ErrorRate: 0.5, Latency: 100 * time.Millisecond})
	cases := []struct {
		name, method, target string
		code                 int
		body                 string
	}{
		{"shows", "GET", "/admin", 200, `{"errorRate":0.5,"latencyMs":100,"version":"v1"}`},
		{"changes both", "POST", "/admin?errorRate=1&latencyMs=0", 200, `{"errorRate":1,"latencyMs":0,"version":"v1"}`},
		{"keeps what is not named", "POST", "/admin?latencyMs=7", 200, `{"errorRate":1,"latencyMs":7,"version":"v1"}`},
		{"refuses a rate above one", "POST", "/admin?errorRate=2", 400, `errorRate must be a number between 0 and 1, not "2"`},
		{"refuses a negative latency", "POST", "/admin?latencyMs=-1", 400, `latencyMs must be a whole number of at least 0, not "-1"`},
		{"refuses a misspelt name", "POST", "/admin?errorrate=0", 400, `unknown parameter "errorrate": want errorRate or latencyMs`},
		{"changes nothing when it refuses", "GET", "/admin", 200, `{"errorRate":1,"latencyMs":7,"version":"v1"}`},
	}
	for _, c := range cases {
		got := send(app.adminHandler(), c.method, c.target)
		body, _ := io.ReadAll(got.Body)
		if got.Code != c.code || strings.TrimSpace(string(body)) != c.body {
			t.Errorf("%s: %d %s", c.name, got.Code, body)
		}
	}
	if got := send(app.handler(), http.MethodPost, "/"); got.Code != 500 {
		t.Errorf("the new error rate does not act: %d", got.Code)
	}
}
