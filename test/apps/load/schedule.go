// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"time"
)

// schedule says when each request is due, from the rate alone: an answer that is slow or missing
// moves nothing (open loop). Request n is due n/rate after the start.
type schedule struct {
	rate  float64
	total int // 0: without end
}

func newSchedule(rate float64, duration time.Duration) schedule {
	if duration == 0 {
		return schedule{rate: rate}
	}
	// The margin keeps 0.1 s at 30 a second at 3 requests whatever the rounding.
	return schedule{rate: rate, total: max(1, int(math.Ceil(rate*duration.Seconds()-1e-6)))}
}

func (s schedule) dueAt(n int) time.Duration {
	return time.Duration(float64(n) / s.rate * float64(time.Second))
}

func (s schedule) isOver(n int) bool { return s.total > 0 && n >= s.total }
