// SPDX-License-Identifier: Apache-2.0

package main

import (
	"sync"
	"time"
)

// behaviour is what the admin port can change while the app runs.
type behaviour struct {
	mu        sync.Mutex
	errorRate float64
	latency   time.Duration
	debt      float64
}

func newBehaviour(errorRate float64, latency time.Duration) *behaviour {
	return &behaviour{errorRate: errorRate, latency: latency}
}

// next decides one request. Errors are spread evenly, not drawn: at a rate of 0.1 exactly every
// tenth request fails, so a test can count.
func (b *behaviour) next() (fail bool, latency time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.debt += b.errorRate
	// The margin absorbs the rounding of sums such as ten times 0.1.
	if b.debt < 1-1e-9 {
		return false, b.latency
	}
	b.debt--
	return true, b.latency
}

func (b *behaviour) set(errorRate float64, latency time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errorRate, b.latency, b.debt = errorRate, latency, 0
}

func (b *behaviour) get() (errorRate float64, latency time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.errorRate, b.latency
}
