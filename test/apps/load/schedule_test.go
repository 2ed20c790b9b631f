// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"
)

func TestScheduleTotal(t *testing.T) {
	cases := []struct {
		rate     float64
		duration time.Duration
		want     int
	}{
		{150, time.Minute, 9000},
		{30, 100 * time.Millisecond, 3},
		{0.1, 30 * time.Second, 3},
		{10, 150 * time.Millisecond, 2},
		{1, time.Millisecond, 1},
		{333.3, 10 * time.Second, 3333},
	}
	for _, c := range cases {
		s := newSchedule(c.rate, c.duration)
		sent := 0
		for !s.isOver(sent) {
			if due := s.dueAt(sent); due >= c.duration {
				t.Fatalf("%v/s for %s: request %d is due at %s", c.rate, c.duration, sent, due)
			}
			sent++
		}
		if sent != c.want {
			t.Errorf("%v/s for %s: %d requests, want %d", c.rate, c.duration, sent, c.want)
		}
	}
}

func TestScheduleSpacing(t *testing.T) {
	s := newSchedule(150, 0)
	for n, want := range map[int]time.Duration{0: 0, 15: 100 * time.Millisecond, 150: time.Second, 540_000: time.Hour} {
		if got := s.dueAt(n).Round(time.Microsecond); got != want {
			t.Errorf("request %d is due at %s, want %s", n, got, want)
		}
	}
	if s.isOver(1 << 40) {
		t.Error("a run without a duration ended by itself")
	}
}
