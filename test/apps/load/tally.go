// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strconv"
	"time"
)

// Lost counts requests without the app's answer, by class. Every class is always written.
type Lost struct {
	Non2xx   int `json:"non2xx"`
	Refused  int `json:"refused"`
	Reset    int `json:"reset"`
	EOF      int `json:"eof"`
	Timeout  int `json:"timeout"`
	Overflow int `json:"overflow"`
	Other    int `json:"other"`
}

func (l *Lost) add(class Class) {
	switch class {
	case LostNon2xx:
		l.Non2xx++
	case LostRefused:
		l.Refused++
	case LostReset:
		l.Reset++
	case LostEOF:
		l.EOF++
	case LostTimeout:
		l.Timeout++
	case LostOverflow:
		l.Overflow++
	default:
		l.Other++
	}
}

func (l Lost) total() int {
	return l.Non2xx + l.Refused + l.Reset + l.EOF + l.Timeout + l.Overflow + l.Other
}

// Tally counts requests. Once nothing is outstanding: due = sent + lost.overflow, and
// due = ok + all appErrors + lostTotal; all byVersion = ok + all appErrors.
type Tally struct {
	Due       int            `json:"due"`
	Sent      int            `json:"sent"`
	Answered  int            `json:"answered"`
	OK        int            `json:"ok"`
	ByVersion map[string]int `json:"byVersion"`
	AppErrors map[string]int `json:"appErrors"`
	Codes     map[string]int `json:"codes"`
	P50Ms     *float64       `json:"p50Ms"`
	P99Ms     *float64       `json:"p99Ms"`
	MaxLagMs  float64        `json:"maxLagMs"`
	Lost      Lost           `json:"lost"`
	LostTotal int            `json:"lostTotal"`

	latenciesMs []float64
}

func newTally() *Tally {
	return &Tally{ByVersion: map[string]int{}, AppErrors: map[string]int{}, Codes: map[string]int{}}
}

func (t *Tally) addSent(lag time.Duration) {
	t.Due++
	t.Sent++
	t.MaxLagMs = max(t.MaxLagMs, inMs(lag))
}

// addOutcome counts byVersion for every answer of the app, its deliberate errors included, so that
// byVersion is the split of the traffic; latency counts for every answer, whoever gave it.
func (t *Tally) addOutcome(o outcome, latency time.Duration) {
	if o.code != 0 {
		t.Answered++
		t.Codes[strconv.Itoa(o.code)]++
		t.latenciesMs = append(t.latenciesMs, inMs(latency))
	}
	switch o.class {
	case OK:
		t.OK++
		t.ByVersion[o.version]++
	case AppError:
		t.AppErrors[o.version]++
		t.ByVersion[o.version]++
	default:
		t.Lost.add(o.class)
		t.LostTotal = t.Lost.total()
	}
}

func (t *Tally) addOverflow() {
	t.Due++
	t.addOutcome(outcome{class: LostOverflow}, 0)
}

// finish computes the percentiles; without an answer they stay null.
func (t *Tally) finish() {
	if len(t.latenciesMs) == 0 {
		return
	}
	slices.Sort(t.latenciesMs)
	p50, p99 := percentile(t.latenciesMs, 50), percentile(t.latenciesMs, 99)
	t.P50Ms, t.P99Ms = &p50, &p99
}

// percentile is the nearest rank: the smallest value that at least p percent do not exceed.
func percentile(sorted []float64, p int) float64 {
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1]
}

// inMs keeps two decimals.
func inMs(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond).Microseconds()) / 1000
}
