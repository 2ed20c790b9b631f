// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"runtime"
	"testing"
	"time"
)

func TestBurn(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, amount := range []time.Duration{-time.Millisecond, 0, 5 * time.Millisecond, 20 * time.Millisecond} {
		before := threadTime()
		burn(amount)
		if spent := threadTime() - before; spent < amount || spent > amount+5*time.Millisecond {
			t.Errorf("burn(%s) spent %s", amount, spent)
		}
	}
}

func TestAnAnswerCostsProcessorTime(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, rate := range []float64{0, 1} {
		app := readyApp(Config{Version: "v1", ErrorRate: rate, CPU: 10 * time.Millisecond})
		before := threadTime()
		send(app.handler(), http.MethodPost, "/")
		if spent := threadTime() - before; spent < 10*time.Millisecond {
			t.Errorf("error rate %v: an answer cost %s", rate, spent)
		}
		before = threadTime()
		send(app.handler(), http.MethodGet, "/healthz")
		if spent := threadTime() - before; spent > 5*time.Millisecond {
			t.Errorf("a probe cost %s", spent)
		}
	}
}
