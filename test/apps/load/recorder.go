// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

const maxExamples = 20

// Second is one line of the output: what was sent and what was answered within that second.
type Second struct {
	T      int64 `json:"t"`
	Second int   `json:"second"`
	*Tally
}

// Share is the part of the requests that went over one kind of connection.
type Share struct {
	Sent      int            `json:"sent"`
	OK        int            `json:"ok"`
	ByVersion map[string]int `json:"byVersion"`
	LostTotal int            `json:"lostTotal"`
}

// Example is one lost request; t is when it was lost.
type Example struct {
	T           int64       `json:"t"`
	Class       Class       `json:"class"`
	Error       string      `json:"error"`
	Code        int         `json:"code,omitempty"`
	Version     string      `json:"version,omitempty"`
	Connections Connections `json:"connections,omitempty"`
}

// Summary is the last line of the output.
type Summary struct {
	Summary   bool  `json:"summary"`
	StartedAt int64 `json:"startedAt"`
	EndedAt   int64 `json:"endedAt"`
	*Tally
	ByConnections map[Connections]*Share `json:"byConnections"`
	Examples      []Example              `json:"examples"`
}

// recorder writes a line for each second that has passed and keeps the totals. Elapsed times count
// from the start of the run; an outcome belongs to the second in which it came.
type recorder struct {
	mu        sync.Mutex
	out       io.Writer
	startedAt time.Time
	index     int
	second    *Tally
	all       *Tally
	shares    map[Connections]*Share
	examples  []Example
	err       error
}

func newRecorder(out io.Writer, startedAt time.Time) *recorder {
	return &recorder{
		out: out, startedAt: startedAt, second: newTally(), all: newTally(),
		shares: map[Connections]*Share{}, examples: []Example{},
	}
}

func (r *recorder) sent(elapsed, lag time.Duration, connections Connections) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(elapsed)
	r.second.addSent(lag)
	r.all.addSent(lag)
	r.share(connections).Sent++
}

func (r *recorder) overflowed(elapsed time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(elapsed)
	r.second.addOverflow()
	r.all.addOverflow()
	r.keepExample(elapsed, outcome{class: LostOverflow, err: "not sent: too many requests are unanswered"}, "")
}

func (r *recorder) finished(elapsed, latency time.Duration, o outcome, connections Connections) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(elapsed)
	r.second.addOutcome(o, latency)
	r.all.addOutcome(o, latency)
	share := r.share(connections)
	switch o.class {
	case OK:
		share.OK++
		share.ByVersion[o.version]++
	case AppError:
		share.ByVersion[o.version]++
	default:
		share.LostTotal++
		r.keepExample(elapsed, o, connections)
	}
}

// passTo writes the lines of all seconds before elapsed, empty ones too.
func (r *recorder) passTo(elapsed time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(elapsed)
}

// end writes the open second and the summary, and returns the first error of any write.
func (r *recorder) end(elapsed time.Duration) (Summary, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advance(elapsed)
	r.writeSecond()
	r.all.finish()
	summary := Summary{
		Summary: true, StartedAt: r.startedAt.UnixMilli(), EndedAt: r.epochMs(elapsed),
		Tally: r.all, ByConnections: r.shares, Examples: r.examples,
	}
	r.writeLine(summary)
	return summary, r.err
}

// progress is what the progress line shows.
func (r *recorder) progress() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	appErrors := 0
	for _, n := range r.all.AppErrors {
		appErrors += n
	}
	return fmt.Sprintf("%4d s  sent %d  ok %d  app errors %d  lost %d",
		r.index, r.all.Sent, r.all.OK, appErrors, r.all.LostTotal)
}

func (r *recorder) advance(elapsed time.Duration) {
	for r.index < int(elapsed/time.Second) {
		r.writeSecond()
		r.index++
		r.second = newTally()
	}
}

func (r *recorder) writeSecond() {
	r.second.finish()
	r.writeLine(Second{T: r.epochMs(time.Duration(r.index) * time.Second), Second: r.index, Tally: r.second})
}

// writeLine uses one write for a line, so that a reader of the file sees whole lines only.
func (r *recorder) writeLine(value any) {
	line, err := json.Marshal(value)
	if err == nil {
		_, err = r.out.Write(append(line, '\n'))
	}
	if r.err == nil {
		r.err = err
	}
}

func (r *recorder) share(connections Connections) *Share {
	share := r.shares[connections]
	if share == nil {
		share = &Share{ByVersion: map[string]int{}}
		r.shares[connections] = share
	}
	return share
}

func (r *recorder) keepExample(elapsed time.Duration, o outcome, connections Connections) {
	if len(r.examples) == maxExamples {
		return
	}
	r.examples = append(r.examples, Example{
		T: r.epochMs(elapsed), Class: o.class, Error: o.err, Code: o.code, Version: o.version, Connections: connections,
	})
}

func (r *recorder) epochMs(elapsed time.Duration) int64 {
	return r.startedAt.Add(elapsed).UnixMilli()
}
