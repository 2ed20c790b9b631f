// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// statusClientGone is nginx's code for a client that left before its answer.
const statusClientGone = 499

type app struct {
	version   string
	behaviour *behaviour
	cpu       time.Duration
	metrics   *metrics
	started   atomic.Bool
	draining  atomic.Bool
}

func newApp(config Config) *app {
	return &app{
		version:   config.Version,
		behaviour: newBehaviour(config.ErrorRate, config.Latency),
		cpu:       config.CPU,
		metrics:   newMetrics(config.Version),
	}
}

func (a *app) handler() http.Handler {
	// Not a ServeMux: that redirects paths it finds unclean, and this app answers any path.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /healthz":
			a.health(w, r)
		case "GET /metrics":
			a.exposeMetrics(w, r)
		default:
			a.answer(w, r)
		}
	})
}

func (a *app) health(w http.ResponseWriter, _ *http.Request) {
	if a.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	if !a.started.Load() {
		http.Error(w, "not ready yet", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (a *app) exposeMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	if err := a.metrics.write(w); err != nil {
		slog.Warn("writing metrics", "error", err)
	}
}

func (a *app) answer(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	code := a.respond(w, r)
	a.metrics.observe(code, r.Method, time.Since(begun))
}

func (a *app) respond(w http.ResponseWriter, r *http.Request) int {
	w.Header().Set("X-Version", a.version)
	if a.draining.Load() {
		// Ends each connection with an answer, so that none is closed under a request later.
		w.Header().Set("Connection", "close")
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return statusClientGone
	}
	if !a.started.Load() {
		// Traffic before readiness is the mover's fault, so this 503 is not marked deliberate.
		http.Error(w, "not ready yet", http.StatusServiceUnavailable)
		return http.StatusServiceUnavailable
	}
	fail, latency := a.behaviour.next()
	burn(a.cpu)
	select {
	case <-r.Context().Done():
		return statusClientGone
	case <-time.After(latency):
	}
	if fail {
		w.Header().Set("X-Demo-Error", "deliberate")
		http.Error(w, "deliberate error of "+a.version, http.StatusInternalServerError)
		return http.StatusInternalServerError
	}
	fmt.Fprintf(w, "hello from %s\n", a.version)
	return http.StatusOK
}

func (a *app) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /admin", a.showBehaviour)
	mux.HandleFunc("POST /admin", a.changeBehaviour)
	return mux
}

func (a *app) changeBehaviour(w http.ResponseWriter, r *http.Request) {
	errorRate, latency, err := parseChange(r.URL.Query(), a.behaviour)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.behaviour.set(errorRate, latency)
	slog.Info("behaviour changed", "errorRate", errorRate, "latencyMs", latency.Milliseconds())
	a.showBehaviour(w, r)
}

func parseChange(query url.Values, current *behaviour) (float64, time.Duration, error) {
	errorRate, latency := current.get()
	for name, values := range query {
		value := values[len(values)-1]
		switch name {
		case "errorRate":
			rate, err := strconv.ParseFloat(value, 64)
			if err != nil || validErrorRate(rate) != nil {
				return 0, 0, fmt.Errorf("errorRate must be a number between 0 and 1, not %q", value)
			}
			errorRate = rate
		case "latencyMs":
			ms, err := strconv.Atoi(value)
			if err != nil || ms < 0 {
				return 0, 0, fmt.Errorf("latencyMs must be a whole number of at least 0, not %q", value)
			}
			latency = milliseconds(ms)
		default:
			return 0, 0, fmt.Errorf("unknown parameter %q: want errorRate or latencyMs", name)
		}
	}
	return errorRate, latency, nil
}

func (a *app) showBehaviour(w http.ResponseWriter, _ *http.Request) {
	errorRate, latency := a.behaviour.get()
	w.Header().Set("Content-Type", "application/json")
	state := map[string]any{"version": a.version, "errorRate": errorRate, "latencyMs": latency.Milliseconds()}
	if err := json.NewEncoder(w).Encode(state); err != nil {
		slog.Warn("writing the admin answer", "error", err)
	}
}
